/// The identifiers of a collection's items, and whether the list of them is up to date.
#pragma once

#include <string>
#include <vector>

#include "core/identifiers/identifier_list.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Hash of the rows and cells of these columns: a list with the same stamp is up to date.
std::string identifier_stamp(const Items& items, const std::vector<std::string>& columns);

/// Adds the cells of the builder's columns.
void add_identifiers(const Items& items, const std::vector<std::string>& columns,
                     IdentifierListBuilder& builder);

/// Whether the cells are those that the list was built from.
bool is_current(const Manifest& manifest, const ExactRecord& list);

/// For a manifest with new items: marks the list as current if its cells did not change.
void keep_current_identifiers(const Collection& collection, Manifest& next);

}  // namespace pmatch
