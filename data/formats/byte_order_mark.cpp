#include "data/formats/byte_order_mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/common/error.hpp"
#include "core/text/escape.hpp"

namespace pmatch {
namespace {

[[noreturn]] void throw_not_utf8(const std::string& sign, const std::string& encoding,
                                 const std::string& name) {
    throw Error{
        fmt::format("{}: the file is {}, not UTF-8", sign, encoding), name,
        fmt::format("give --encoding {0} where a command has it, or convert the file: iconv "
                    "-f {0} -t UTF-8 {1} > utf8.csv",
                    encoding, shell_word(name))};
}

[[noreturn]] void throw_wide_mark(std::streambuf& buffer, int first, const std::string& name) {
    buffer.sbumpc();
    const int second = buffer.sbumpc();
    const auto sign = fmt::format("it starts with the bytes {:02X} {:02X}", first, second & 0xFF);
    if (first + second != 0xFF + 0xFE) {
        throw Error{sign + ": the file is no text in UTF-8", name,
                    "check that it is the right file"};
    }
    const bool is_32_bits = buffer.sbumpc() == 0 && buffer.sgetc() == 0;
    throw_not_utf8(sign, first == 0xFF && is_32_bits ? "UTF-32" : "UTF-16", name);
}

[[noreturn]] void throw_starts_with_zero(std::streambuf& buffer, const std::string& name) {
    buffer.sbumpc();
    if (buffer.sgetc() > 0) throw_not_utf8("it starts with a NUL byte", "UTF-16BE", name);
    buffer.sbumpc();
    if (buffer.sgetc() > 0) throw_not_utf8("it starts with NUL bytes", "UTF-32", name);
    throw Error{"the file starts with NUL bytes: it is no text", name,
                "write it again; a disk that was full or a crash leaves such files"};
}

/// The mark's remaining bytes if they follow, else nothing is taken.
bool take_mark(std::streambuf& buffer, const std::string& name) {
    constexpr std::array kMark{0xEF, 0xBB, 0xBF};
    std::size_t taken = 0;
    while (taken < kMark.size() && buffer.sgetc() == kMark.at(taken)) {
        buffer.sbumpc();
        ++taken;
    }
    if (taken == kMark.size()) return true;
    for (; taken > 0; --taken) {
        if (buffer.sungetc() != std::char_traits<char>::eof()) continue;
        throw Error{"the file does not start with UTF-8", name, "write the file in UTF-8"};
    }
    return false;
}

}  // namespace

void skip_byte_order_mark(std::istream& input, const std::string& name) {
    std::streambuf& buffer = *input.rdbuf();
    const int first = buffer.sgetc();
    if (first == 0xFF || first == 0xFE) throw_wide_mark(buffer, first, name);
    if (first == 0) throw_starts_with_zero(buffer, name);
    while (take_mark(buffer, name)) {
    }
}

void check_not_utf16(std::string_view text, const std::string& name) {
    const auto zeros = std::count(text.begin(), text.end(), '\0');
    if (zeros == 0 || static_cast<std::size_t>(zeros) * 3 < text.size()) return;
    const bool is_32_bits = static_cast<std::size_t>(zeros) * 3 >= text.size() * 2;
    const bool is_little = text.front() != '\0';
    const std::string encoding = is_32_bits ? "UTF-32" : "UTF-16";
    throw_not_utf8("its first line holds NUL bytes", encoding + (is_little ? "LE" : "BE"), name);
}

}  // namespace pmatch
