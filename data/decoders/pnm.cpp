#include <fmt/format.h>

#include <optional>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

/// Header and ASCII values: numbers between blanks and comments.
class PnmView {
public:
    explicit PnmView(Bytes bytes) : bytes_(bytes) {}

    std::optional<std::uint32_t> number() {
        skip_blanks();
        std::uint64_t value = 0;
        const std::size_t start = at_;
        for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
            value = value * 10 + (bytes_[at_] - '0');
            if (value > 0x7FFFFFFF) return std::nullopt;
        }
        if (at_ == start) return std::nullopt;
        return static_cast<std::uint32_t>(value);
    }
    /// In P1 the digits need no separators.
    std::optional<std::uint32_t> digit() {
        skip_blanks();
        if (at_ >= bytes_.size() || (bytes_[at_] != '0' && bytes_[at_] != '1')) return std::nullopt;
        return bytes_[at_++] - static_cast<std::uint32_t>('0');
    }
    bool at_end() {
        skip_blanks();
        return at_ >= bytes_.size();
    }
    /// Binary data starts after exactly one blank character.
    Bytes data() const { return at_ < bytes_.size() ? bytes_.subspan(at_ + 1) : Bytes{}; }
    void skip(std::size_t count) { at_ += count; }

private:
    void skip_blanks() {
        for (bool comment = false; at_ < bytes_.size(); ++at_) {
            const std::uint8_t byte = bytes_[at_];
            if (byte == '#') comment = true;
            if (byte == '\n' || byte == '\r') comment = false;
            if (!comment && byte != ' ' && (byte < '\t' || byte > '\r')) return;
        }
    }

    Bytes bytes_;
    std::size_t at_ = 0;
};

struct PnmHeader {
    int kind = 0;  ///< 1 to 6, as in the magic P1 to P6
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t max = 1;
    bool is_bitmap() const { return kind == 1 || kind == 4; }
    std::size_t channels() const { return kind % 3 == 0 ? 3 : 1; }
    std::size_t row_values() const { return width * channels(); }
};

std::uint8_t scaled(std::uint32_t value, std::uint32_t max) {
    if (value >= max) return 255;
    return static_cast<std::uint8_t>((value * std::uint64_t{255} + max / 2) / max);
}

/// One value per channel, in order; empty if the data is truncated or not a number.
std::optional<std::uint32_t> ascii_value(PnmView& view, const PnmHeader& header) {
    return header.is_bitmap() ? view.digit() : view.number();
}

std::uint32_t binary_value(Bytes data, const PnmHeader& header, std::size_t row, std::size_t i) {
    if (header.kind == 4) {
        const std::size_t stride = (header.width + 7) / 8;
        return data[row * stride + i / 8] >> (7 - i % 8) & 1U;
    }
    const std::size_t at = row * header.row_values() + i;
    if (header.max < 256) return data[at];
    return static_cast<std::uint32_t>(data[2 * at] << 8U | data[2 * at + 1]);
}

std::size_t binary_size(const PnmHeader& header) {
    if (header.kind == 4) return (std::size_t{header.width} + 7) / 8 * header.height;
    return header.row_values() * header.height * (header.max < 256 ? 1 : 2);
}

std::optional<Problem> fill(PnmView& view, const PnmHeader& header, Pixels& pixels) {
    const bool ascii = header.kind <= 3;
    const Bytes data = ascii ? Bytes{} : view.data();
    if (!ascii && data.size() < binary_size(header)) {
        return Problem{"truncated", fmt::format("PNM: {} bytes of pixels, {} are announced",
                                                data.size(), binary_size(header))};
    }
    std::uint8_t* out = pixels.values.data();
    for (std::size_t row = 0; row < header.height; ++row) {
        for (std::size_t i = 0; i < header.row_values(); ++i) {
            std::uint32_t value = 0;
            if (ascii) {
                const auto read = ascii_value(view, header);
                if (!read) {
                    return Problem{view.at_end() ? "truncated" : "corrupt",
                                   fmt::format("PNM: no number in row {}", row)};
                }
                value = *read;
            } else {
                value = binary_value(data, header, row, i);
            }
            // In a bitmap 1 is black.
            const std::uint8_t level = scaled(header.is_bitmap() ? 1 - value : value, header.max);
            for (std::size_t copy = 0; copy < (header.channels() == 1 ? 3U : 1U); ++copy) {
                *out++ = level;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

Decoded decode_pnm(Bytes bytes, std::uint64_t max_pixels) {
    PnmHeader header;
    header.kind = bytes[1] - '0';
    PnmView view(bytes);
    view.skip(2);
    const auto width = view.number();
    const auto height = view.number();
    const auto max = header.is_bitmap() ? std::optional<std::uint32_t>(1) : view.number();
    if (!width || !height || !max || *max == 0 || *max > 65535) {
        return Problem{view.at_end() ? "truncated" : "corrupt", "PNM: the header is not complete"};
    }
    header.width = *width;
    header.height = *height;
    header.max = *max;
    if (auto problem = check_size(*width, *height, max_pixels)) return *problem;
    Pixels pixels{static_cast<int>(*width), static_cast<int>(*height), 3, {}, 1};
    // A short file cannot cause an allocation much larger than itself.
    const std::size_t least =
        header.kind <= 3 ? header.row_values() * header.height : binary_size(header);
    if (bytes.size() < least) return Problem{"truncated", "PNM: the file ends early"};
    pixels.values.resize(std::size_t{3} * *width * *height);
    if (auto problem = fill(view, header, pixels)) return *problem;
    return pixels;
}

}  // namespace pmatch::detail
