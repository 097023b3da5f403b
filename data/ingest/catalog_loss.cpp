#include "data/ingest/catalog_loss.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/escape.hpp"
#include "core/text/number_text.hpp"
#include "data/formats/table_header.hpp"

namespace pmatch {
namespace {

/// What may be wrong with a file of which most rows cannot be used.
std::string advice_on_rows(const CodeCounts& rows) {
    const auto most = std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
                          return a.second < b.second;
                      })->first;
    if (most == "invalid_utf8")
        return "give the file's encoding, e.g. --encoding windows-1252, or write it in UTF-8";
    if (most == "bad_quotes" || most == "row_too_large")
        return "mend the quote, or give --quotes literal if quotes mean nothing in this file";
    if (most == "too_many_cells" || most == "too_few_cells")
        return "check the file: cells with commas in them need quotes; --delimiter names another "
               "separator";
    return "check the file";
}

std::string lost_rows(const CatalogLoss& loss, const IngestReport& report) {
    return fmt::format("{} of {} rows cannot be used ({}); {}", grouped(loss.rows.lost),
                       grouped(loss.rows.all), counts_by_code(report.skipped_rows),
                       report.worst_row);
}

std::string lost_items(const CatalogLoss& loss) {
    return fmt::format("{} of {} items are not in the catalog and would be removed",
                       grouped(loss.items.lost), grouped(loss.items.all));
}

std::string advice_on_pictures(const ItemsRecord& before, const IngestOptions& options) {
    if (before.confined && !options.image_root) {
        return fmt::format("give --image-root {} again, where they were before",
                           shell_word(before.image_root));
    }
    return fmt::format("check the folder of the pictures, which was {} before, and --image",
                       before.image_root);
}

struct Complaint {
    std::string what;
    std::string advice;
};

std::optional<Complaint> about_columns(const CatalogLoss& loss, bool absent, double max_loss) {
    for (const auto& column : loss.columns) {
        if (column.is_absent != absent || !column.cells.exceeds(max_loss)) continue;
        const auto lost = grouped(column.cells.lost);
        const auto items = grouped(column.cells.all);
        if (!absent) {
            return Complaint{fmt::format("the column '{}' is empty in {} of {} items that had a "
                                         "cell in it",
                                         column.name, lost, items),
                             "check the column"};
        }
        return Complaint{fmt::format("the catalog has no column '{}', in which {} of {} items have "
                                     "a cell",
                                     column.name, lost, items),
                         "check the names of its columns"};
    }
    return std::nullopt;
}

std::optional<Complaint> complaint(const CatalogLoss& loss, const IngestReport& report,
                                   const IngestOptions& options, const ItemsRecord& before) {
    if (loss.rows.exceeds(options.max_loss))
        return Complaint{lost_rows(loss, report), advice_on_rows(report.skipped_rows)};
    if (auto absent = about_columns(loss, true, options.max_loss)) return absent;
    // Its own item aside: it is not said how many rows are behind that one.
    if (loss.breaks_off > 0 && loss.items.lost > 1 && options.max_loss < 1) {
        return Complaint{
            fmt::format("the file breaks off in line {}: {}", loss.breaks_off, lost_items(loss)),
            "get the whole file"};
    }
    if (loss.items.exceeds(options.max_loss)) {
        return Complaint{lost_items(loss),
                         "check that it is the whole file and the right one; a file of changes "
                         "alone wants --mode upsert"};
    }
    if (loss.pictures.exceeds(options.max_loss)) {
        return Complaint{fmt::format("{} of {} pictures that items had are gone",
                                     grouped(loss.pictures.lost), grouped(loss.pictures.all)),
                         advice_on_pictures(before, options)};
    }
    return about_columns(loss, false, options.max_loss);
}

}  // namespace

std::string counts_by_code(const CodeCounts& counts) {
    std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string list;
    for (const auto& [code, count] : sorted)
        list += fmt::format("{}{} {}", list.empty() ? "" : ", ", code, grouped(count));
    return list;
}

std::optional<Error> too_great_a_loss(const CatalogLoss& loss, const IngestReport& report,
                                      const IngestOptions& options, const ItemsRecord& before) {
    const auto found = complaint(loss, report, options, before);
    if (!found) return std::nullopt;
    const bool is_new = before.file.empty();
    Remedy remedy(found->advice);
    remedy.advice +=
        is_new ? "; what could be read is in the collection" : "; the collection is as it was";
    remedy.advice +=
        fmt::format(". If this loss is right, give --max-loss 1 (now {})", options.max_loss);
    if (report.skipped > 0) {
        remedy.advice += "; what cannot be used of it:";
        remedy.commands.push_back({.verb = "ledger", .collection = {}});
    }
    return Error{found->what, options.source, std::move(remedy)};
}

LostShare lost_pictures(const sqlite::Database& before, const sqlite::Database& now) {
    constexpr const char* kCounts = "SELECT row, count(*) FROM pictures GROUP BY row ORDER BY row";
    auto had = before.prepare(kCounts);
    auto has = now.prepare(kCounts);
    auto items = now.prepare("SELECT row FROM items ORDER BY row");
    bool more_items = items.step();
    bool more_has = has.step();
    LostShare pictures;
    while (had.step()) {
        const auto row = had.integer(0);
        while (more_items && items.integer(0) < row)
            more_items = items.step();
        if (!more_items || items.integer(0) != row) continue;
        while (more_has && has.integer(0) < row)
            more_has = has.step();
        const auto left = more_has && has.integer(0) == row ? has.integer(1) : 0;
        pictures.all += had.integer(1);
        pictures.lost += std::max<std::int64_t>(had.integer(1) - left, 0);
    }
    return pictures;
}

std::vector<std::int64_t> count_cells(const sqlite::Database& items,
                                      const std::vector<FieldRecord>& fields) {
    if (fields.empty()) return {};
    std::string counts;
    for (const auto& field : fields) {
        counts += fmt::format("{}count(nullif({}, ''))", counts.empty() ? "" : ", ",
                              sql_name(field.column));
    }
    auto query = items.prepare(fmt::format("SELECT {} FROM items", counts));
    query.step();
    std::vector<std::int64_t> cells;
    for (std::size_t i = 0; i < fields.size(); ++i)
        cells.push_back(query.integer(static_cast<int>(i)));
    return cells;
}

std::vector<LostColumn> lost_columns(const sqlite::Database& before, const ItemsRecord& record,
                                     const sqlite::Database& now,
                                     const std::vector<FieldRecord>& fields) {
    std::vector<std::string> names;
    for (const auto& field : fields)
        names.push_back(field.name);
    const auto had = count_cells(before, record.fields);
    const auto has = count_cells(now, fields);
    std::vector<LostColumn> lost;
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const auto& name = record.fields[i].name;
        const auto place = find_column(names, name);
        const auto cells = place ? has[*place] : 0;
        // A column without a name has been called otherwise since.
        if (name.empty() || cells >= had[i]) continue;
        lost.push_back({name, !place, {had[i] - cells, record.count}});
    }
    return lost;
}

}  // namespace pmatch
