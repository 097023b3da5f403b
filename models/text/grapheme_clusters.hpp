/// Extended grapheme clusters, exact for clusters below six bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace pmatch {

/// The end of the cluster that starts at `begin` (below text.size()). Pairs of regional indicators
/// (flags) are not joined, as they have eight bytes.
std::size_t cluster_end(std::string_view text, std::size_t begin);

}  // namespace pmatch
