#include "cli/engine/query_file_reader.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <iostream>
#include <utility>
#include <variant>

#include "core/text/markup.hpp"
#include "data/pictures/picture_path.hpp"

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
      confine_(options.image_root.has_value()),
      reader_(open(options, catalog_options(options, mapping))) {
    root_ = options.image_root.value_or(from_stdin_ ? std::filesystem::current_path()
                                                    : reader_->picture_root());
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
    for (const auto& written : record.pictures) {
        auto resolved = resolve_picture(written, root_, confine_);
        if (auto* problem = std::get_if<Problem>(&resolved)) {
            query.problem = std::move(*problem);
        } else {
            query.pictures.push_back(std::get<std::filesystem::path>(std::move(resolved)));
        }
    }
    return query;
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
