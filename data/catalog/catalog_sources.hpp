/// Internal to data/catalog: the readers of all kinds of catalog, each in its own file, and their
/// shared code.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/catalog/catalog.hpp"

namespace pmatch::detail {

/// The source's name in messages, and the base of relative paths.
struct SourceName {
    std::string name;
    std::filesystem::path picture_root;
};

/// Column names resolved to indexes once.
class ResolvedMapping {
public:
    ResolvedMapping() = default;
    /// Throws Error, listing `columns`, if a column of `options` is missing.
    ResolvedMapping(const std::vector<std::string>& columns, const CatalogOptions& options,
                    const std::string& source);

    const FieldMapping& mapping() const { return mapping_; }
    const std::vector<std::string>& fields() const { return fields_; }
    std::size_t id_column() const { return id_; }
    const std::vector<std::size_t>& image_columns() const { return images_; }

    /// Fills id, cells, text and pictures from cells in column order; sets empty_id.
    void fill(CatalogRecord& record, std::vector<std::string> cells) const;
    /// Appends one of the texts of a record, read as the mapping says.
    void append_text(CatalogRecord& record, std::string_view part) const;
    /// Behind the last of them: a text that says nothing is none.
    void finish_text(CatalogRecord& record) const;

private:
    void find_all(const std::vector<std::string>& columns, const CatalogOptions& options,
                  const std::string& source);

    FieldMapping mapping_;
    std::vector<std::string> fields_;
    std::size_t id_ = 0;
    std::vector<std::size_t> text_;
    std::vector<std::size_t> images_;
};

/// Splits at `|` and drops empty parts.
std::vector<std::string> split_pictures(std::string_view cell);

/// If `owned` is set, `input` refers to it.
std::unique_ptr<CatalogReader> open_table(std::unique_ptr<std::istream> owned, std::istream& input,
                                          const SourceName& source, const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_jsonl_file(const std::filesystem::path& file,
                                               const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_jsonl_stream(std::unique_ptr<std::istream> owned,
                                                 std::istream& input, const SourceName& source,
                                                 const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_picture_directory(const std::filesystem::path& directory,
                                                      const CatalogOptions& options);

}  // namespace pmatch::detail
