#include "models/subword/byte_level.hpp"

#include <array>

#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

struct Alphabet {
    std::array<std::string, 256> characters;
    std::array<int, 512> bytes{};  ///< of the characters below U+0200, or -1

    Alphabet() {
        bytes.fill(-1);
        // Printable Latin-1 characters represent themselves, the other bytes U+0100 and up, in
        // order.
        char32_t next = 0x100;
        for (unsigned byte = 0; byte < 256; ++byte) {
            const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
            const auto c = printable ? static_cast<char32_t>(byte) : next++;
            unicode::append(characters.at(byte), c);
            bytes.at(c) = static_cast<int>(byte);
        }
    }
};

const Alphabet& alphabet() {
    static const Alphabet instance;
    return instance;
}

}  // namespace

std::string_view byte_character(unsigned char byte) {
    return alphabet().characters.at(byte);
}

std::optional<std::string> bytes_of(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto c = unicode::next(text, i);
        const int byte = c < 512 ? alphabet().bytes.at(c) : -1;
        if (byte < 0) return {};
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

}  // namespace pmatch
