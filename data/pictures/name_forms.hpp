/// Forms of file names in which names are equal that look alike.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// Unicode's composed form (NFC): macOS decomposes the names it writes. Names that are not UTF-8
/// are returned as they are.
std::string composed_name(std::string_view name);

/// The same without letter case and compatibility forms (NFKC_Casefold). Bytes that are not UTF-8
/// are read as Latin-1, in which old archives have their names.
std::string folded_name(std::string_view name);

}  // namespace pmatch
