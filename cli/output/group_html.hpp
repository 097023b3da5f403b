/// Groups as an HTML page.
#pragma once

#include <span>

#include "cli/output/pair_printer.hpp"

namespace pmatch::cli {

/// A self-contained page: every member with its first picture, title, id and its rank and score in
/// each list when paired with the medoid. The medoid comes first and is framed.
void print_contact_sheet(const Matched& matched, std::span<const Group> groups, const Items& items,
                         const Write& write);

}  // namespace pmatch::cli
