#include "data/ingest/ingest.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/indexes/lexical_record.hpp"
#include "data/ingest/ingest_job.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

/// Whether a query returns the same rows of text for both databases.
bool same_rows(const sqlite::Database& left, const sqlite::Database& right, const char* sql) {
    auto a = left.prepare(sql);
    auto b = right.prepare(sql);
    while (true) {
        const bool more = a.step();
        if (more != b.step()) return false;
        if (!more) return true;
        for (int column = 0; column < 4; ++column) {
            if (a.text(column) != b.text(column)) return false;
        }
    }
}

}  // namespace

bool IngestJob::is_unchanged() const {
    const auto& before = collection_.manifest().items;
    if (!former_.database() || before.fields != next_.items.fields || report_.added > 0 ||
        report_.changed > 0 || report_.removed > 0 || report_.moved > 0) {
        return false;
    }
    const auto now = sqlite::Database::open_immutable(temporary_);
    return same_rows(*former_.database(), now,
                     "SELECT row, ordinal, path, written FROM pictures ORDER BY row, ordinal") &&
           same_rows(*former_.database(), now,
                     "SELECT item, stage, code, detail FROM ledger ORDER BY 1, 2, 3, 4");
}

IngestReport IngestJob::commit() {
    if (report_.items == 0) {
        if (!options_.deleted.empty()) {
            throw Error{"no item would be left", collection_.directory().string(),
                        "remove the directory instead, or leave some items"};
        }
        throw Error{fmt::format("the catalog has no usable item ({} skipped)", report_.skipped),
                    options_.source,
                    "check that it is the right file and that --id names its id column"};
    }
    report_.removed = former_.count() - report_.changed - report_.unchanged;
    const auto& before = collection_.manifest().items;
    auto& items = next_.items;
    items.count = report_.items;
    items.pictures = report_.pictures;
    items.skipped = report_.skipped + carried_ledger_;
    if (is_unchanged()) {
        const bool same_origin =
            before.source == items.source && before.image_root == items.image_root &&
            before.confined == items.confined && before.mapping == items.mapping;
        if (!same_origin) collection_.commit(std::move(next_));
        return report_;
    }
    const auto record = publish_file(temporary_, target_);
    published_ = true;
    next_.files.erase(before.file);
    items.file = items_file(number_);
    next_.files[items.file] = record;
    keep_current_lexical(collection_, next_);
    std::vector<StagedFile> views;
    for (const auto& [space, ignored] : collection_.manifest().spaces) {
        views.push_back(stage_view(collection_, next_, space));
    }
    collection_.commit(std::move(next_), views);
    return report_;
}

IngestReport ingest(Collection& collection,
                    const std::function<std::unique_ptr<CatalogReader>()>& open_source,
                    const IngestOptions& options) {
    try {
        IngestJob job(collection, options);
        const auto open = [&] { return open_source ? open_source() : nullptr; };
        job.learn(open().get());
        job.read(open().get());
        return job.commit();
    } catch (const Interrupted&) {
        return {};
    }
}

}  // namespace pmatch
