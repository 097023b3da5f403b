/// GPT-2's alphabet: represents each byte as one printable character.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pmatch {

/// The character for the byte, as UTF-8.
std::string_view byte_character(unsigned char byte);

/// Decodes `text` to bytes; empty if a character is not in the alphabet.
std::optional<std::string> bytes_of(std::string_view text);

}  // namespace pmatch
