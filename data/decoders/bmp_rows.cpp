#include "data/decoders/bmp_rows.hpp"

#include <algorithm>
#include <bit>

namespace pmatch::detail {

namespace {

using Bytes = std::span<const std::uint8_t>;

/// Rows are aligned to four bytes; the last one may lack its padding.
struct Rows {
    explicit Rows(const BmpShape& shape)
        : used((shape.width * shape.bits + 7) / 8), stride((used + 3) / 4 * 4) {}

    bool fit(Bytes data, std::size_t height) const {
        return data.size() >= used && (data.size() - used) / stride >= height - 1;
    }

    std::size_t used;
    std::size_t stride;
};

/// The picture that runs are drawn on.
class Canvas {
public:
    explicit Canvas(const BmpShape& shape)
        : width_(shape.width), height_(shape.height), indices_(width_ * height_) {}

    bool full() const { return y_ >= height_; }
    void put(std::uint8_t index) {
        if (x_ < width_ && !full()) indices_[y_ * width_ + x_++] = index;
    }
    void end_row() { move(0, 1), x_ = 0; }
    void move(std::size_t right, std::size_t up) {
        x_ = std::min(x_ + right, width_);
        y_ = std::min(y_ + up, height_);
    }
    /// Nothing is missing except, possibly, the end marker.
    bool complete() const { return full() || (y_ + 1 == height_ && x_ == width_); }
    std::vector<std::uint8_t> take() { return std::move(indices_); }

private:
    std::size_t width_;
    std::size_t height_;
    std::size_t x_ = 0;
    std::size_t y_ = 0;
    std::vector<std::uint8_t> indices_;
};

/// Copies `count` literal pixels, in whole 16-bit words. Returns false if the file ends.
bool copy_pixels(Bytes data, std::size_t& at, std::size_t count, unsigned bits, Canvas& canvas) {
    const std::size_t bytes = (count * bits + 7) / 8;
    if (data.size() - at < bytes) return false;
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = data[at + i * bits / 8];
        canvas.put(bits == 8 ? byte : i % 2 == 0 ? byte >> 4U : byte & 15U);
    }
    at = std::min(at + (bytes + 1) / 2 * 2, data.size());
    return true;
}

void repeat(std::size_t count, std::uint8_t byte, unsigned bits, Canvas& canvas) {
    for (std::size_t i = 0; i < count; ++i)
        canvas.put(bits == 8 ? byte : i % 2 == 0 ? byte >> 4U : byte & 15U);
}

}  // namespace

BmpBytes bmp_indices(Bytes data, const BmpShape& shape) {
    const Rows rows(shape);
    if (!rows.fit(data, shape.height)) return std::nullopt;
    std::vector<std::uint8_t> indices;
    indices.reserve(shape.width * shape.height);
    const auto mask = (1U << shape.bits) - 1;
    for (std::size_t y = 0; y < shape.height; ++y) {
        const auto row = data.subspan(y * rows.stride, rows.used);
        for (std::size_t x = 0; x < shape.width; ++x) {
            const auto bit = x * shape.bits;
            const auto shift = 8 - shape.bits - bit % 8;
            indices.push_back(static_cast<std::uint8_t>((row[bit / 8] >> shift) & mask));
        }
    }
    return indices;
}

BmpBytes bmp_run_lengths(Bytes data, const BmpShape& shape) {
    enum : std::uint8_t { kEndOfRow = 0, kEnd = 1, kMove = 2 };
    Canvas canvas(shape);
    for (std::size_t at = 0; data.size() - at >= 2 && !canvas.full();) {
        const std::size_t count = data[at];
        const auto byte = data[at + 1];
        at += 2;
        if (count > 0) {
            repeat(count, byte, shape.bits, canvas);
        } else if (byte == kEndOfRow) {
            canvas.end_row();
        } else if (byte == kEnd) {
            return canvas.take();
        } else if (byte == kMove) {
            if (data.size() - at < 2) return std::nullopt;
            canvas.move(data[at], data[at + 1]);
            at += 2;
        } else if (!copy_pixels(data, at, byte, shape.bits, canvas)) {
            return std::nullopt;
        }
    }
    if (!canvas.complete()) return std::nullopt;
    return canvas.take();
}

std::vector<std::uint8_t> bmp_colours(Bytes indices, const Palette& palette) {
    std::vector<std::uint8_t> colours;
    colours.reserve(3 * indices.size());
    for (const auto index : indices)
        colours.insert(colours.end(), palette.at(index).begin(), palette.at(index).end());
    return colours;
}

BmpBytes bmp_triples(Bytes data, const BmpShape& shape) {
    const Rows rows(shape);
    if (!rows.fit(data, shape.height)) return std::nullopt;
    std::vector<std::uint8_t> colours(3 * shape.width * shape.height);
    auto out = colours.begin();
    for (std::size_t y = 0; y < shape.height; ++y) {
        const auto* pixel = data.data() + y * rows.stride;
        for (std::size_t x = 0; x < shape.width; ++x, pixel += 3, out += 3)
            std::reverse_copy(pixel, pixel + 3, out);
    }
    return colours;
}

BmpBytes bmp_masked(Bytes data, const BmpShape& shape, const std::array<std::uint32_t, 4>& masks) {
    const Rows rows(shape);
    if (!rows.fit(data, shape.height)) return std::nullopt;
    const std::size_t channels = masks[3] == 0 ? 3 : 4;
    const std::size_t bytes = shape.bits / 8;
    std::vector<std::uint8_t> colours;
    colours.reserve(channels * shape.width * shape.height);
    for (std::size_t y = 0; y < shape.height; ++y) {
        const auto row = data.subspan(y * rows.stride, rows.used);
        for (std::size_t x = 0; x < shape.width; ++x) {
            std::uint32_t pixel = 0;
            for (std::size_t i = 0; i < bytes; ++i)
                pixel |= static_cast<std::uint32_t>(row[x * bytes + i]) << (8 * i);
            for (std::size_t channel = 0; channel < channels; ++channel) {
                const auto mask = masks.at(channel);
                const int shift = mask == 0 ? 0 : std::countr_zero(mask);
                const std::uint64_t most = std::max(mask >> shift, 1U);
                const std::uint64_t value = (pixel & mask) >> shift;
                colours.push_back(static_cast<std::uint8_t>(value * 255 / most));
            }
        }
    }
    return colours;
}

}  // namespace pmatch::detail
