#include "data/ingest/ingest_job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/formats/table_reader.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// Number of records whose pictures are hashed together.
constexpr std::size_t kBatch = 256;

constexpr const char* kDuplicateId = "duplicate_id";

}  // namespace

IngestJob::IngestJob(Collection& collection, const IngestOptions& options)
    : collection_(collection), options_(options), former_(collection) {
    next_ = collection.manifest();
    number_ = next_.generation + 1;
    target_ = collection.directory() / items_file(number_);
    temporary_ = temporary_path(target_);
    make_directories(target_.parent_path());
}

IngestJob::~IngestJob() {
    if (!published_) ::unlink(temporary_.c_str());
}

void IngestJob::learn(CatalogReader* catalog) {
    if (catalog != nullptr) fields_ = catalog->fields();
    auto fields = fields_;
    if (upserts()) {
        columns_ = merge_columns(former_.fields(), fields);
        fields = columns_.fields;
        if (catalog != nullptr && !options_.columns_may_be_absent) check_columns();
    }
    ColumnLearner learner(fields);
    CatalogRecord record;
    while (catalog != nullptr && catalog->next(record)) {
        const bool usable = record.problem.code.empty() && record.cells.size() == fields_.size();
        if (!usable || options_.deleted.contains(record.id)) continue;
        if (upserts()) brought_.insert(record.id);
        arrange(record);
        learner.observe(record.cells);
    }
    if (upserts()) {
        former_.for_each([&](const auto& id) { return stays(id); },
                         [&](const FormerItem& item) { learner.observe(item.record.cells); });
    }
    next_.items.fields = learner.columns();
    stop_if_asked();
}

/// An upsert's items would lose the cells of columns that it lacks.
void IngestJob::check_columns() const {
    std::vector<std::string> lost;
    for (const auto& field : former_.fields()) {
        const auto& absent = columns_.absent;
        if (std::find(absent.begin(), absent.end(), field.name) == absent.end()) continue;
        if (count_cells(*former_.database(), {field}).front() > 0) lost.push_back(field.name);
    }
    if (lost.empty()) return;
    throw Error{
        fmt::format("the catalog lacks columns of the collection: {}", fmt::join(lost, ", ")),
        options_.source,
        "give whole records, as an upsert replaces items as a whole, or the whole catalog with "
        "--mode replace"};
}

/// Maps the cells to the columns of an upsert.
void IngestJob::arrange(CatalogRecord& record) const {
    if (!upserts()) return;
    std::vector<std::string> cells(columns_.fields.size());
    for (std::size_t i = 0; i < record.cells.size(); ++i)
        cells[columns_.place_of[i]] = std::move(record.cells[i]);
    record.cells = std::move(cells);
}

void IngestJob::record_origin(const CatalogReader& catalog) {
    auto& items = next_.items;
    if (upserts()) return;
    items.mapping = catalog.mapping();
    items.source = options_.source;
    items.confined = options_.image_root.has_value();
    items.image_root = root_.string();
}

void IngestJob::read(CatalogReader* catalog) {
    ItemsWriter writer(temporary_, next_.items.fields);
    if (catalog != nullptr) read_catalog(*catalog, writer);
    if (upserts()) carry_over(writer);
    writer.finish();
}

void IngestJob::read_catalog(CatalogReader& catalog, ItemsWriter& writer) {
    // "." because the root is empty for a source without a directory part.
    const auto root = options_.image_root.value_or(catalog.picture_root());
    root_ = fs::absolute(root.empty() ? "." : root).lexically_normal();
    finder_.emplace(root_, options_.image_root.has_value());
    record_origin(catalog);
    if (catalog.fields() != fields_) {
        throw Error{"the catalog changed while it was read", options_.source,
                    "run the command again"};
    }
    std::vector<CatalogRecord> batch;
    CatalogRecord record;
    std::int64_t records = 0;
    while (catalog.next(record)) {
        batch.push_back(std::exchange(record, {}));
        ++records;
        if (batch.size() < kBatch) continue;
        add_batch(writer, batch);
        batch.clear();
        if (options_.progress) options_.progress(records);
    }
    add_batch(writer, batch);
    report_.remarks = catalog.remarks();
    if (options_.progress) options_.progress(records);
}

/// Copies items not in an upsert's catalog, with their pictures and ledger rows.
void IngestJob::carry_over(ItemsWriter& writer) {
    std::set<std::string> with_ledger;
    former_.for_each_ledger_row([&](const Skipped& row) { with_ledger.insert(row.item); });
    std::set<std::string> carried;
    former_.for_each([&](const auto& id) { return stays(id); },
                     [&](const FormerItem& item) {
                         auto record = item.record;
                         record.cells.resize(next_.items.fields.size());
                         add(writer, record, item.pictures);
                         if (with_ledger.contains(record.id)) carried.insert(record.id);
                     });
    former_.for_each_ledger_row([&](const Skipped& row) {
        if (!carried.contains(row.item)) return;
        writer.add_to_ledger(row);
        ++carried_ledger_;
    });
    stop_if_asked();
}

void IngestJob::add_batch(ItemsWriter& writer, std::vector<CatalogRecord>& batch) {
    stop_if_asked();
    for (auto& record : batch)
        record.pictures = finder_->separated(std::move(record.pictures));
    const auto pictures = hash_pictures(batch, *finder_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!batch[i].no_product) rows_.all += static_cast<std::int64_t>(batch[i].lines);
        if (!batch[i].problem.code.empty()) {
            skip_row(writer, batch[i], batch[i].problem);
        } else if (batch[i].id.empty()) {
            skip_row(writer, batch[i], {"no_id", "the record has no id"});
        } else if (batch[i].cells.size() != fields_.size()) {
            skip_row(writer, batch[i],
                     {"bad_row", fmt::format("it has {} cells, the header {}",
                                             batch[i].cells.size(), fields_.size())});
        } else if (!options_.deleted.contains(batch[i].id)) {
            arrange(batch[i]);
            add(writer, batch[i], pictures[i]);
        }
    }
}

void IngestJob::skip_row(ItemsWriter& writer, const CatalogRecord& record, const Problem& problem) {
    if (problem.code == kRepeatedHeader) return;  // no input: the reader remarks on it
    const auto item = record.id.empty() ? fmt::format("line {}", record.line) : record.id;
    writer.add_to_ledger({item, "ingest", problem.code, problem.detail});
    ++report_.skipped;
    report_.skipped_rows[problem.code] += static_cast<std::int64_t>(record.lines);
    if (record.breaks_off) report_.breaks_off = record.line;
    // The item of a repeated id is there.
    if (record.no_product || problem.code == kDuplicateId) return;
    rows_.lost += static_cast<std::int64_t>(record.lines);
    if (record.lines <= report_.worst_lines) return;
    report_.worst_lines = record.lines;
    report_.worst_row = fmt::format("line {}: {}", record.line, problem.detail);
}

void IngestJob::skip_picture(ItemsWriter& writer, const CatalogRecord& record,
                             const Problem& problem) {
    writer.add_to_ledger({record.id, "ingest", problem.code, problem.detail});
    ++report_.skipped;
    ++report_.skipped_pictures[problem.code];
}

void IngestJob::add(ItemsWriter& writer, const CatalogRecord& record,
                    const std::vector<HashedPicture>& pictures) {
    const auto content = content_hash(next_.items.fields, record, pictures);
    const auto former = former_.find(record.id, content);
    const bool moved = former && !former->same &&
                       former_.same_but_for(next_.items.mapping.images, former->row,
                                            next_.items.fields, record, pictures);
    const auto row = former ? former->row : next_.items.next_row;
    if (!writer.add_item(row, record, content)) {
        skip_row(writer, record,
                 {kDuplicateId, fmt::format("line {} repeats the id of an earlier record, which is "
                                            "kept",
                                            record.line)});
        return;
    }
    ++report_.items;
    if (record.blank_text) ++report_.blank_texts;
    if (!former) {
        ++next_.items.next_row;
        ++report_.added;
    } else {
        ++(former->same || moved ? report_.unchanged : report_.changed);
        report_.moved += moved ? 1 : 0;
    }
    for (std::size_t ordinal = 0; ordinal < pictures.size(); ++ordinal) {
        const auto& [path, result] = pictures[ordinal];
        if (const auto* hash = std::get_if<Hash128>(&result)) {
            writer.add_picture(row, ordinal, record.pictures[ordinal], path, *hash);
            ++report_.pictures;
        } else if (const auto& problem = std::get<Problem>(result); !problem.code.empty()) {
            skip_picture(writer, record, problem);
        }
    }
}

}  // namespace pmatch
