#include "cli/engine/query_file_reader.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <iostream>
#include <utility>
#include <variant>

#include "core/text/markup.hpp"

namespace pmatch {
namespace {

/// The collection's columns, unless overridden on the command line.
CatalogOptions catalog_options(const QueryFileOptions& options, const FieldMapping& mapping) {
    CatalogOptions catalog;
    catalog.id = mapping.id;
    catalog.text = options.text.empty() ? mapping.text : options.text;
    catalog.images = options.images.empty() ? mapping.images : options.images;
    catalog.format = options.format;
    catalog.text_may_be_absent = options.text.empty();
    catalog.images_may_be_absent = options.images.empty();
    catalog.html = mapping.html;
    catalog.fix_for_id = fmt::format(
        "a query file has the catalog's columns: call the one with the queries' ids '{}'",
        mapping.id);
    return catalog;
}

std::unique_ptr<CatalogReader> open(const QueryFileOptions& options,
                                    const CatalogOptions& catalog) {
    if (options.source == "-") return open_catalog_stream(std::cin, catalog);
    return open_catalog(options.source, catalog);
}

/// Whether reading standard input would not block.
bool stdin_has_more() {
    if (std::cin.rdbuf()->in_avail() > 0) return true;
    pollfd poll_input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&poll_input, 1, 0) > 0;
}

}  // namespace

QueryFileReader::QueryFileReader(const QueryFileOptions& options, const FieldMapping& mapping)
    : from_stdin_(options.source == "-"),
      reader_(open(options, catalog_options(options, mapping))) {
    auto root = options.image_root.value_or(from_stdin_ ? std::filesystem::current_path()
                                                        : reader_->picture_root());
    finder_.emplace(std::move(root), options.image_root.has_value());
}

Query QueryFileReader::read(const CatalogRecord& record) const {
    Query query;
    query.id = record.id.empty() ? fmt::format("line {}", record.line) : record.id;
    query.problem = record.problem;
    query.text = record.text;
    const auto& names = reader_->fields();
    for (std::size_t i = 0; i < names.size() && i < record.cells.size(); ++i) {
        auto cell = reader_->mapping().html == Html::kAuto ? without_markup(record.cells[i])
                                                           : record.cells[i];
        if (!cell.empty()) query.fields.emplace(names[i], std::move(cell));
    }
    add_pictures(record, query);
    return query;
}

void QueryFileReader::add_pictures(const CatalogRecord& record, Query& query) const {
    const auto pictures = finder_->separated(record.pictures);
    const bool alone = pictures.size() == 1 && query.text.empty();
    for (const auto& written : pictures) {
        auto found = finder_->find(written);
        if (auto* path = std::get_if<std::filesystem::path>(&found)) {
            query.pictures.push_back(std::move(*path));
        } else if (auto& problem = std::get<Problem>(found);
                   problem.code == "missing" && !alone && !finder_->confined()) {
            // Fails when it is read; what else the query has is answered.
            query.pictures.push_back(finder_->root() / written);
        } else {
            query.problem = std::move(problem);
        }
    }
}

std::vector<Query> QueryFileReader::next(std::size_t limit) {
    std::vector<Query> queries;
    CatalogRecord record;
    while (queries.size() < limit) {
        if (from_stdin_ && !queries.empty() && !stdin_has_more()) break;
        if (!reader_->next(record)) break;
        queries.push_back(read(record));
    }
    return queries;
}

}  // namespace pmatch
