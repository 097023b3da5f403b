#include "data/catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>

#include "core/common/error.hpp"
#include "core/lexical/analyser.hpp"
#include "core/text/markup.hpp"
#include "data/catalog/catalog_sources.hpp"
#include "data/formats/byte_order_mark.hpp"
#include "data/formats/decoded_input.hpp"
#include "data/formats/input_file.hpp"
#include "data/formats/other_format.hpp"
#include "data/formats/table_header.hpp"
#include "data/pictures/tar_archive.hpp"

namespace pmatch {

namespace detail {

namespace {

bool contains(const std::vector<std::size_t>& numbers, std::size_t number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

[[noreturn]] void throw_no_column(const std::string& column, const std::string& fix,
                                  const std::vector<std::string>& columns,
                                  const std::string& source) {
    const auto hint = separator_hint(columns);
    throw Error{
        fmt::format("there is no column '{}'; the columns are {}", column, quoted_list(columns)),
        source, hint.empty() ? fix : hint};
}

/// Appends the indexes of those named columns that exist.
void find_named(const std::vector<std::string>& names, const char* flag,
                const std::vector<std::string>& columns, bool may_be_absent,
                const std::string& source, std::vector<std::size_t>& found) {
    for (const std::string& name : names) {
        const auto at = find_column(columns, name);
        if (!at && !may_be_absent) {
            throw_no_column(name, fmt::format("name columns of this file with {}", flag), columns,
                            source);
        }
        if (at && !contains(found, *at)) found.push_back(*at);
    }
}

}  // namespace

ResolvedMapping::ResolvedMapping(const std::vector<std::string>& columns,
                                 const CatalogOptions& options, const std::string& source) {
    const auto wanted = options.id.value_or("id");
    mapping_.html = options.html;
    const auto id = find_column(columns, wanted);
    if (!id) throw_no_column(wanted, options.fix_for_id, columns, source);
    id_ = *id;
    mapping_.id = columns[id_];
    find_all(columns, options, source);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i != id_) fields_.push_back(columns[i]);
    }
    for (const std::size_t i : text_)
        mapping_.text.push_back(columns[i]);
    for (const std::size_t i : images_)
        mapping_.images.push_back(columns[i]);
}

void ResolvedMapping::find_all(const std::vector<std::string>& columns,
                               const CatalogOptions& options, const std::string& source) {
    find_named(options.images, "--image", columns, options.images_may_be_absent, source, images_);
    find_named(options.text, "--text", columns, options.text_may_be_absent, source, text_);
    if (options.images.empty()) {
        const auto image = std::find(columns.begin(), columns.end(), "image");
        const auto at = static_cast<std::size_t>(image - columns.begin());
        if (image != columns.end() && at != id_ && !contains(text_, at)) images_.push_back(at);
    }
    if (options.text.empty()) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (i != id_ && !contains(images_, i)) text_.push_back(i);
        }
    }
    const bool named = !options.text.empty() || !options.images.empty();
    if (named && text_.empty() && images_.empty()) {
        std::vector<std::string> wanted = options.text;
        wanted.insert(wanted.end(), options.images.begin(), options.images.end());
        throw Error{fmt::format("there is none of the columns {}; the columns are {}",
                                quoted_list(wanted), quoted_list(columns)),
                    source, "name the columns with --text or --image"};
    }
}

void ResolvedMapping::fill(CatalogRecord& record, std::vector<std::string> cells) const {
    record.text.clear();
    for (const std::size_t i : text_)
        append_text(record, cells[i]);
    finish_text(record);
    record.pictures.clear();
    for (const std::size_t i : images_) {
        for (std::string& picture : split_pictures(cells[i])) {
            record.pictures.push_back(std::move(picture));
        }
    }
    record.id = cells[id_];
    cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(id_));
    record.cells = std::move(cells);
    if (record.id.empty() && record.problem.code.empty()) {
        record.problem = {"empty_id", fmt::format("column '{}' is empty", mapping_.id)};
    }
}

void ResolvedMapping::append_text(CatalogRecord& record, std::string_view part) const {
    auto& text = record.text;
    const auto before = text.size();
    if (before > 0) text += ' ';
    const auto filled = text.size();
    const bool may_have_markup = part.find_first_of("<&") != std::string_view::npos;
    if (may_have_markup && mapping_.html == Html::kAuto) {
        text += without_markup(part);
    } else {
        text += part;
    }
    if (text.size() == filled) text.resize(before);
}

void ResolvedMapping::finish_text(CatalogRecord& record) const {
    record.blank_text =
        mapping_.html != Html::kAsStored && !record.text.empty() && !says_something(record.text);
    if (record.blank_text) record.text.clear();
}

std::vector<std::string> split_pictures(std::string_view cell) {
    std::vector<std::string> parts;
    while (!cell.empty()) {
        const std::size_t end = std::min(cell.find('|'), cell.size());
        if (const auto part = trimmed(cell.substr(0, end)); !part.empty()) parts.emplace_back(part);
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
    return parts;
}

}  // namespace detail

std::string_view word_of(Html html) {
    if (html == Html::kAsStored) return "";
    return html == Html::kAuto ? "auto" : "keep";
}

std::string text_of_cell(std::string_view cell, Html html) {
    if (html == Html::kAsStored) return std::string(cell);
    auto text = html == Html::kAuto ? without_markup(cell) : std::string(cell);
    if (!says_something(text)) text.clear();
    return text;
}

std::unique_ptr<CatalogReader> open_catalog(const std::filesystem::path& source,
                                            const CatalogOptions& options) {
    std::error_code ignored;
    if (std::filesystem::is_directory(source, ignored) || is_tar_archive(source)) {
        return detail::open_picture_directory(source, options);
    }
    const std::string extension = lower_extension(source);
    if (extension == ".jsonl" || extension == ".ndjson") {
        return detail::open_jsonl_file(source, options);
    }
    auto input = decoded_input(open_input(source), options.format.encoding);
    if (!is_table(source, options.format)) {
        check_is_no_other_format(source);
        throw Error{fmt::format("'{}' is no kind of catalog pmatch reads", extension),
                    source.string(),
                    "give a .csv, .tsv, .jsonl or .ndjson file, or a directory or .tar archive of "
                    "pictures; for another table, its --delimiter"};
    }
    std::istream& stream = *input;
    return detail::open_table(std::move(input), stream, {source.string(), source.parent_path()},
                              options);
}

std::unique_ptr<CatalogReader> open_catalog_stream(std::istream& input,
                                                   const CatalogOptions& options,
                                                   const std::string& name) {
    auto decoded = decoded_input(input, options.format.encoding);
    std::istream& text = decoded ? *decoded : input;
    skip_byte_order_mark(text, name);
    std::streambuf& buffer = *text.rdbuf();
    for (int byte = buffer.sgetc(); byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';) {
        byte = buffer.snextc();
    }
    const detail::SourceName source{name, {}};
    if (buffer.sgetc() == '{')
        return detail::open_jsonl_stream(std::move(decoded), text, source, options);
    return detail::open_table(std::move(decoded), text, source, options);
}

}  // namespace pmatch
