/// What `match` says and does about pictures and texts that many items share.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "cli/engine/left_out_pictures.hpp"
#include "cli/matching/item_numbers.hpp"
#include "core/common/observer.hpp"
#include "core/matching/pair_table.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

/// The names of lists that compare pictures, and whether there are others.
struct ComparedParts {
    std::set<std::string> picture_lists;
    bool texts = false;

    void add(const Recipe& recipe, const std::string& prefix);
};

/// `--ignore-shared`: unset means that a shared picture is left out where an item has another.
SharedPictureOptions shared_picture_options(std::optional<int> ignore_shared);

/// Drops pairs whose right item, or either one, has a text that so many share, unless a list of
/// pictures has the pair. `items` are the collection's.
void drop_shared_texts(PairTable& table, const Collection& collection, const ItemNumbering& items,
                       bool on_both_sides, std::int64_t at_least, const ComparedParts& compared);

/// Says what is shared by many items and compared, and whether that was left out.
void report_shared(const Collection& collection, const ComparedParts& compared,
                   std::optional<int> ignore_shared, const Observer& observer);

}  // namespace pmatch
