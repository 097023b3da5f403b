/// Groups as a page to look at.
#pragma once

#include <span>

#include "cli/output/pair_printer.hpp"

namespace pmatch::cli {

/// A page that needs nothing else: every member with its first picture, title, id and, beside the
/// medoid, what each list said of the two. The medoid comes first and is framed.
void print_contact_sheet(const Matched& matched, std::span<const Group> groups, const Items& items,
                         const Write& write);

}  // namespace pmatch::cli
