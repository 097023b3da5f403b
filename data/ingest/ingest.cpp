#include "data/ingest/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/indexes/identifier_record.hpp"
#include "data/indexes/lexical_record.hpp"
#include "data/ingest/ingest_job.hpp"
#include "data/items/refused_ledger.hpp"
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
    if (!former_.database() || before.fields != next_.items.fields ||
        before.mapping.html != next_.items.mapping.html || report_.added > 0 ||
        report_.changed > 0 || report_.removed > 0 || report_.moved > 0) {
        return false;
    }
    const auto now = sqlite::Database::open_immutable(temporary_);
    return same_rows(*former_.database(), now,
                     "SELECT row, ordinal, path, written FROM pictures ORDER BY row, ordinal") &&
           same_rows(*former_.database(), now,
                     "SELECT item, stage, code, detail FROM ledger ORDER BY 1, 2, 3, 4");
}

CatalogLoss IngestJob::loss() {
    CatalogLoss loss;
    loss.rows = rows_;
    loss.breaks_off = report_.breaks_off;
    if (!former_.database() || options_.max_loss >= 1) return loss;
    const auto deleted = std::count_if(options_.deleted.begin(), options_.deleted.end(),
                                       [&](const auto& id) { return former_.has(id); });
    loss.items = {report_.removed - deleted, former_.count()};
    // Unchanged items have all that they had: often nothing need be read again.
    if (report_.changed == 0) return loss;
    const auto& before = former_.record();
    const auto now = sqlite::Database::open_immutable(temporary_);
    if (before.pictures > 0) loss.pictures = lost_pictures(*former_.database(), now);
    const LostShare others{former_.count() - report_.unchanged, former_.count()};
    if (!upserts() && others.exceeds(options_.max_loss))
        loss.columns = lost_columns(*former_.database(), before, now, next_.items.fields);
    return loss;
}

void IngestJob::throw_no_items() {
    if (!options_.deleted.empty()) {
        throw Error{"no item would be left", collection_.directory().string(),
                    "remove the directory instead, or leave some items"};
    }
    auto what = std::string("the catalog has no usable item");
    if (!report_.skipped_rows.empty()) {
        what += fmt::format(" ({}{}{})", counts_by_code(report_.skipped_rows),
                            report_.worst_row.empty() ? "" : "; ", report_.worst_row);
    }
    refuse({what, options_.source,
            report_.skipped_rows.contains("invalid_utf8")
                ? "give the file's encoding, e.g. --encoding windows-1252, or write it in UTF-8"
                : "check that it is the right file and that --id names its id column"});
}

/// Throws, with a list of what could not be used if there is a collection to keep it in.
void IngestJob::refuse(const Error& error) {
    if (former_.database())
        keep_refused_ledger(collection_, sqlite::Database::open_immutable(temporary_));
    throw error;
}

IngestReport IngestJob::commit() {
    if (report_.items == 0) throw_no_items();
    report_.removed = former_.count() - report_.changed - report_.unchanged;
    const auto before = collection_.manifest().items;
    const auto error = too_great_a_loss(loss(), report_, options_, before);
    if (error && former_.database()) refuse(*error);
    write_state(before);
    drop_refused_ledger(collection_);
    if (error) throw *error;
    return report_;
}

void IngestJob::write_state(const ItemsRecord& before) {
    auto& items = next_.items;
    items.count = report_.items;
    items.pictures = report_.pictures;
    items.skipped = report_.skipped + carried_ledger_;
    if (is_unchanged()) {
        const bool same_origin =
            before.source == items.source && before.image_root == items.image_root &&
            before.confined == items.confined && before.mapping == items.mapping;
        if (!same_origin) collection_.commit(std::move(next_));
        return;
    }
    const auto record = publish_file(temporary_, target_);
    published_ = true;
    next_.files.erase(before.file);
    items.file = items_file(number_);
    next_.files[items.file] = record;
    keep_current_lexical(collection_, next_);
    keep_current_identifiers(collection_, next_);
    std::vector<StagedFile> views;
    for (const auto& [space, ignored] : collection_.manifest().spaces) {
        views.push_back(stage_view(collection_, next_, space));
    }
    collection_.commit(std::move(next_), views);
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
