/// Hashes of picture files, to detect changed pictures.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/common/problem.hpp"
#include "core/files/hash.hpp"
#include "data/catalog/catalog.hpp"
#include "data/pictures/picture_finder.hpp"

namespace pmatch {

/// One picture of a record; its ordinal is its index in CatalogRecord::pictures.
struct HashedPicture {
    std::filesystem::path path;  ///< absolute
    std::variant<Hash128, Problem> content;
};

/// Hashes the file's bytes, read with a small buffer. Problem "missing" or "unreadable".
std::variant<Hash128, Problem> hash_picture(const std::filesystem::path& file);

/// The pictures of each record, found and hashed by a few threads. Records with a problem get none.
std::vector<std::vector<HashedPicture>> hash_pictures(const std::vector<CatalogRecord>& records,
                                                      const PictureFinder& finder);

}  // namespace pmatch
