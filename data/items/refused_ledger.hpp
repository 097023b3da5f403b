/// The ledger of a catalog that was refused: its rows are not in the items, which stayed as they
/// were.
#pragma once

#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "data/collection/collection.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {

/// Keeps the ledger in `items`, those of the refused catalog, until the next ingest that is not
/// refused. For the holder of the collection's lock.
void keep_refused_ledger(const Collection& collection, const sqlite::Database& items);

void drop_refused_ledger(const Collection& collection);

/// In the order of the catalog, as stage "ingest, refused"; empty if the last ingest was not
/// refused.
std::vector<Skipped> refused_ledger(const Collection& collection);

}  // namespace pmatch
