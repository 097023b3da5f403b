/// Builds and publishes the list of identifiers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/common/observer.hpp"
#include "core/identifiers/identifier_list.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct BuiltExact {
    bool fresh = false;  ///< false: the list was up to date
    std::int64_t entries = 0;
    std::int64_t left_out = 0;  ///< cells with a wrong check digit; only if fresh
};

/// A list of these columns of the catalog, or captions such as "code", which replaces the one there
/// is. Does nothing if that is up to date.
BuiltExact build_exact(Collection& collection, std::vector<std::string> columns);

/// The list on disk or, if its cells have changed, one of this process alone, which is reported.
IdentifierList open_exact(const Collection& collection, const Observer& observer);

}  // namespace pmatch
