/// Encodes ids for TREC files, whose columns are separated by blanks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// Encodes blanks of any kind (including Unicode blanks, at which Python's split() splits), control
/// characters and `%` as %XX.
std::string encode_trec_id(std::string_view id);

/// Inverse of encode_trec_id(); leaves other %XX sequences, written by other programs, unchanged.
std::string decode_trec_id(std::string_view text);

/// Splits a line at blanks.
std::vector<std::string_view> split_blanks(std::string_view line);

}  // namespace pmatch
