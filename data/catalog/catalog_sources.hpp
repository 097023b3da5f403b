/// The kinds of catalog, each in its own file, and what they share. For catalog*.cpp only.
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

/// Where messages and relative paths point to.
struct SourceName {
    std::string name;
    std::filesystem::path picture_root;
};

/// Columns found by name once, so that records need no look-up.
class ResolvedMapping {
public:
    ResolvedMapping() = default;
    /// Throws Error, listing `columns`, when a column of `options` is not among them.
    ResolvedMapping(const std::vector<std::string>& columns, const CatalogOptions& options,
                    const std::string& source);

    const FieldMapping& mapping() const { return mapping_; }
    const std::vector<std::string>& fields() const { return fields_; }
    std::size_t id_column() const { return id_; }
    const std::vector<std::size_t>& image_columns() const { return images_; }

    /// Fills id, cells, text and pictures from cells in column order; sets empty_id.
    void fill(CatalogRecord& record, std::vector<std::string> cells) const;

private:
    void find_all(const std::vector<std::string>& columns, const CatalogOptions& options,
                  const std::string& source);

    FieldMapping mapping_;
    std::vector<std::string> fields_;
    std::size_t id_ = 0;
    std::vector<std::size_t> text_;
    std::vector<std::size_t> images_;
};

/// Parts between `|`, without the empty ones.
std::vector<std::string> split_pictures(std::string_view cell);

/// The file is owned when `owned` is set, and `input` refers to it then.
std::unique_ptr<CatalogReader> open_table(std::unique_ptr<std::istream> owned, std::istream& input,
                                          char separator, const SourceName& source,
                                          const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_jsonl_file(const std::filesystem::path& file,
                                               const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_jsonl_stream(std::istream& input, const SourceName& source,
                                                 const CatalogOptions& options);
std::unique_ptr<CatalogReader> open_picture_directory(const std::filesystem::path& directory,
                                                      const CatalogOptions& options);

}  // namespace pmatch::detail
