#include "data/collection/outdated_lists.hpp"

#include <algorithm>

namespace pmatch {

void outdate_lists(Manifest& next, const Source& source) {
    for (auto& [name, index] : next.lexical) {
        if (index.source == source) index.items.clear();
    }
    if (!next.exact) return;
    const auto& columns = next.exact->columns;
    if (std::find(columns.begin(), columns.end(), source.name()) != columns.end())
        next.exact->items.clear();
}

}  // namespace pmatch
