/// Internal to data/: one ingest, from the catalog's first pass to the commit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/ingest/catalog_columns.hpp"
#include "data/ingest/catalog_loss.hpp"
#include "data/ingest/ingest.hpp"
#include "data/ingest/items_writer.hpp"
#include "data/ingest/previous_items.hpp"

namespace pmatch {

/// A stop was requested; nothing was committed.
struct Interrupted {};

class IngestJob {
public:
    IngestJob(Collection& collection, const IngestOptions& options);
    ~IngestJob();
    IngestJob(const IngestJob&) = delete;
    IngestJob& operator=(const IngestJob&) = delete;

    /// Null: there is no catalog, the items are kept.
    void learn(CatalogReader* catalog);
    void read(CatalogReader* catalog);
    IngestReport commit();

private:
    void add_batch(ItemsWriter& writer, std::vector<CatalogRecord>& batch);
    void read_catalog(CatalogReader& catalog, ItemsWriter& writer);
    void record_origin(const CatalogReader& catalog);
    void carry_over(ItemsWriter& writer);
    /// Whether the item is neither deleted nor, in an upsert, in the catalog.
    bool stays(const std::string& id) const {
        return !options_.deleted.contains(id) && !brought_.contains(id);
    }
    bool upserts() const {
        return options_.mode == IngestOptions::Mode::kUpsert && former_.database().has_value();
    }
    void arrange(CatalogRecord& record) const;
    void add(ItemsWriter& writer, const CatalogRecord& record,
             const std::vector<HashedPicture>& pictures);
    void check_columns() const;
    void skip_row(ItemsWriter& writer, const CatalogRecord& record, const Problem& problem);
    void skip_picture(ItemsWriter& writer, const CatalogRecord& record, const Problem& problem);
    CatalogLoss loss();
    [[noreturn]] void throw_no_items();
    [[noreturn]] void refuse(const Error& error);
    void write_state(const ItemsRecord& before);
    void stop_if_asked() const {
        if (options_.stop != nullptr && *options_.stop) throw Interrupted{};
    }
    bool is_unchanged() const;

    Collection& collection_;
    const IngestOptions& options_;
    PreviousItems former_;
    Manifest next_;
    std::int64_t number_ = 0;
    std::filesystem::path target_;
    std::filesystem::path temporary_;
    bool published_ = false;
    MergedColumns columns_;            ///< for an upsert
    std::set<std::string> brought_;    ///< ids of usable records of an upsert
    std::vector<std::string> fields_;  ///< columns of the catalog
    LostShare rows_;                   ///< of the catalog
    std::filesystem::path root_;       ///< base of the catalog's relative picture paths
    std::optional<PictureFinder> finder_;
    std::int64_t carried_ledger_ = 0;
    IngestReport report_;
};

}  // namespace pmatch
