/// Hashes of picture files, for telling whether a picture changed.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/common/problem.hpp"
#include "core/files/hash.hpp"
#include "data/catalog/catalog.hpp"

namespace pmatch {

/// One picture of a record; its ordinal is its place in CatalogRecord::pictures.
struct HashedPicture {
    std::filesystem::path path;  ///< absolute
    std::variant<Hash128, Problem> content;
};

/// Of the file's bytes, read with a small buffer. Problem "missing" or "unreadable".
std::variant<Hash128, Problem> hash_picture(const std::filesystem::path& file);

/// For each record its pictures, resolved and hashed by a few threads. Records with a problem
/// of their own get none.
std::vector<std::vector<HashedPicture>> hash_pictures(const std::vector<CatalogRecord>& records,
                                                      const std::filesystem::path& root,
                                                      bool confine);

}  // namespace pmatch
