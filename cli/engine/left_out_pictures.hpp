/// Pictures that say nothing of the item that has them, because many items have the same.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"
#include "data/items/shared_inputs.hpp"

namespace pmatch {

struct SharedPictureOptions {
    std::int64_t at_least = kManyItems;  ///< items that have the picture; 0 = leave nothing out
    bool always = false;  ///< also where an item has no other picture: it then has none
};

struct LeftOutPictures {
    std::vector<std::pair<std::int64_t, std::int32_t>> pictures;  ///< row and ordinal, ascending
    std::vector<std::int64_t> bare_rows;  ///< items that have no other picture; ascending

    bool empty() const { return pictures.empty(); }
    bool contains(const InputKey& key) const;
};

/// Of a space of pictures: those with the same bytes as in at least so many items, and those that
/// look like one of these (a placeholder saved again in another size or quality).
LeftOutPictures left_out_pictures(const Collection& collection, const std::string& space,
                                  const SharedPictureOptions& options);

}  // namespace pmatch
