#include "data/formats/decoded_input.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <streambuf>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

constexpr char kNotUtf8 = '\xFF';

using ascii::lowercase;

bool is_utf8(const std::string& encoding) {
    const auto name = lowercase(encoding);
    return name.empty() || name == "utf-8" || name == "utf8";
}

/// Bytes of the smallest unit of the encoding: what is passed over where it cannot be decoded.
std::size_t unit_of(const std::string& encoding) {
    const auto name = lowercase(encoding);
    if (name.starts_with("utf-16") || name.starts_with("utf16") || name.starts_with("ucs-2"))
        return 2;
    if (name.starts_with("utf-32") || name.starts_with("utf32") || name.starts_with("ucs-4"))
        return 4;
    return 1;
}

/// Decodes a piece at a time: up to the next line feed, so that what is typed is there at once.
class DecodingBuffer : public std::streambuf {
public:
    DecodingBuffer(std::streambuf& input, const std::string& encoding)
        : input_(input),
          unit_(unit_of(encoding)),
          handle_(::iconv_open("UTF-8", encoding.c_str())) {
        // iconv_open() reports a failure by this pointer.
        // NOLINTNEXTLINE(performance-no-int-to-ptr)
        if (handle_ != reinterpret_cast<iconv_t>(-1)) return;
        throw UsageError{fmt::format("--encoding {} is not known", encoding),
                         "`iconv --list` has the names, UTF-16 and windows-1252 are among them"};
    }
    ~DecodingBuffer() override { ::iconv_close(handle_); }
    DecodingBuffer(const DecodingBuffer&) = delete;
    DecodingBuffer& operator=(const DecodingBuffer&) = delete;

protected:
    int_type underflow() override {
        decoded_.clear();
        while (decoded_.empty() && !at_end_) {
            fill();
            decode();
        }
        if (decoded_.empty()) return traits_type::eof();
        setg(decoded_.data(), decoded_.data(), decoded_.data() + decoded_.size());
        return traits_type::to_int_type(decoded_.front());
    }

private:
    static constexpr std::size_t kPiece = std::size_t{64} << 10U;

    void fill() {
        while (encoded_.size() < kPiece) {
            const auto byte = input_.sbumpc();
            if (byte == traits_type::eof()) {
                at_end_ = true;
                return;
            }
            encoded_.push_back(static_cast<char>(byte));
            if (byte == '\n') return;
        }
    }

    void decode() {
        char* from = encoded_.data();
        std::size_t left = encoded_.size();
        std::array<char, 4096> piece{};
        while (left > 0) {
            char* to = piece.data();
            std::size_t room = piece.size();
            const auto done = ::iconv(handle_, &from, &left, &to, &room);
            const int error = errno;
            decoded_.append(piece.data(), to);
            if (done != static_cast<std::size_t>(-1) || error == E2BIG) continue;
            if (error == EINVAL && !at_end_) break;  // the rest of the character is still to come
            decoded_.push_back(kNotUtf8);
            const auto skipped = std::min(unit_, left);
            from += skipped;
            left -= skipped;
        }
        encoded_.erase(0, encoded_.size() - left);
    }

    std::streambuf& input_;
    std::size_t unit_;
    iconv_t handle_;
    std::string encoded_;  ///< read and not decoded
    std::string decoded_;
    bool at_end_ = false;
};

class DecodedInput : public std::istream {
public:
    DecodedInput(std::unique_ptr<std::istream> owned, std::istream& input,
                 const std::string& encoding)
        : std::istream(nullptr), owned_(std::move(owned)), buffer_(*input.rdbuf(), encoding) {
        rdbuf(&buffer_);
    }

private:
    std::unique_ptr<std::istream> owned_;
    DecodingBuffer buffer_;
};

}  // namespace

std::unique_ptr<std::istream> decoded_input(std::unique_ptr<std::istream> input,
                                            const std::string& encoding) {
    if (is_utf8(encoding)) return input;
    std::istream& stream = *input;
    return std::make_unique<DecodedInput>(std::move(input), stream, encoding);
}

std::unique_ptr<std::istream> decoded_input(std::istream& input, const std::string& encoding) {
    if (is_utf8(encoding)) return nullptr;
    return std::make_unique<DecodedInput>(nullptr, input, encoding);
}

}  // namespace pmatch
