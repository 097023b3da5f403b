/// Extended grapheme clusters, as far as it matters which of them are short.
#pragma once

#include <cstddef>
#include <string_view>

namespace pmatch {

/// Where the cluster that begins at `begin` (below text.size()) ends. Two flags of the same kind
/// ("regional indicators") are told apart: pairs of them are not joined, being eight bytes long.
std::size_t cluster_end(std::string_view text, std::size_t begin);

}  // namespace pmatch
