/// GPT-2's alphabet: each byte written as one printable character.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pmatch {

/// The character that stands for the byte, as UTF-8.
std::string_view byte_character(unsigned char byte);

/// The bytes that `text` stands for; nothing when one of its characters is not of the alphabet.
std::optional<std::string> bytes_of(std::string_view text);

}  // namespace pmatch
