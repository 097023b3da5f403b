/// Pictures and texts that many items have in common: placeholders, mostly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/common/row_bitmap.hpp"
#include "core/files/hash.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// As many items with the same picture or text are told to the user.
inline constexpr std::int64_t kManyItems = 10;

struct SharedInput {
    Hash128 content;
    std::int64_t items = 0;
    std::string written;  ///< the path as in the catalog, or the text
};

/// Pictures with the same bytes that at least `at_least` items have, those of most items first.
std::vector<SharedInput> shared_pictures(const Collection& collection, std::int64_t at_least);
/// The same for whole texts.
std::vector<SharedInput> shared_texts(const Collection& collection, std::int64_t at_least);

/// The items whose text is one of shared_texts().
RowSet rows_of_shared_texts(const Collection& collection, std::int64_t at_least);

}  // namespace pmatch
