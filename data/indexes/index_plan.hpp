/// Internal to data/: decides whether a space's index can be extended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/index/vector_index.hpp"
#include "data/collection/collection.hpp"
#include "data/indexes/index_keys.hpp"

namespace pmatch {

/// Resolves `wanted`; "auto" keeps the layout of the existing index while that is close to what
/// "auto" means for `count` vectors.
std::string settle_layout(const Manifest& manifest, const std::string& space,
                          const std::string& wanted, std::int64_t count);

/// The index to extend, or the reason to rebuild.
struct IndexPlan {
    std::optional<Index> former;
    std::optional<IndexKeys> keys;   ///< of the former index, after marking all live vectors
    std::vector<std::int64_t> dead;  ///< positions
    std::int64_t added = 0;
    std::string reason;  ///< why there is no former index to extend; empty if none existed
};

IndexPlan plan_index(const Collection& collection, const std::string& space,
                     const std::string& layout);

}  // namespace pmatch
