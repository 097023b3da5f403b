/// Ids in TREC files, whose columns are separated by blanks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// Blanks of any kind (the Unicode ones too: Python's split() splits there), control characters
/// and `%` as %XX; everything else as it is.
std::string encode_trec_id(std::string_view id);

/// Undoes encode_trec_id, and leaves alone any other %XX that another program wrote.
std::string decode_trec_id(std::string_view text);

/// The columns of a line.
std::vector<std::string_view> split_blanks(std::string_view line);

}  // namespace pmatch
