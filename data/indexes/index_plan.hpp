/// Internal to data/: whether a space's index can be extended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/index/vector_index.hpp"
#include "data/collection/collection.hpp"
#include "data/indexes/index_keys.hpp"

namespace pmatch {

/// `wanted`, or "auto" as the layout of the index there is, while that is not far from what
/// "auto" means for `count` vectors.
std::string settle_layout(const Manifest& manifest, const std::string& space,
                          const std::string& wanted, std::int64_t count);

/// An index that will be extended, or why none is.
struct IndexPlan {
    std::optional<Index> former;
    std::optional<IndexKeys> keys;   ///< of the former index, after a look at all live vectors
    std::vector<std::int64_t> dead;  ///< positions
    std::int64_t added = 0;
    std::string reason;  ///< no former: why; empty when there is no index at all
};

IndexPlan plan_index(const Collection& collection, const std::string& space,
                     const std::string& layout);

}  // namespace pmatch
