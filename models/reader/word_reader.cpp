#include "models/reader/word_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/common/error.hpp"
#include "core/vision/cut_out.hpp"
#include "core/vision/resized_picture.hpp"
#include "core/vision/text_boxes.hpp"
#include "models/package/package_fields.hpp"
#include "models/reader/searched_picture.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kChannels = 3;
constexpr std::size_t kLinesTurned = 16;  ///< looked at in one pass
constexpr std::int64_t kUpsideDown = 1;

std::size_t pixels_of(int height, int width) {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * kChannels;
}

std::vector<float> levels_of(double mean, double std) {
    std::vector<float> levels;
    for (int value = 0; value < 256; ++value)
        levels.push_back(static_cast<float>((value / 255.0 - mean) / std));
    return levels;
}

void turn_round(Image& image) {
    for (std::size_t from = 0, to = image.rgb.size() - kChannels; from < to;
         from += kChannels, to -= kChannels) {
        for (std::size_t channel = 0; channel < kChannels; ++channel)
            std::swap(image.rgb[from + channel], image.rgb[to + channel]);
    }
}

/// Throws Error if a network's result has other sizes.
void check_sizes(const NetworkValues& found, const std::vector<std::int64_t>& wanted,
                 const std::filesystem::path& file) {
    if (found.sizes == wanted) return;
    throw Error{fmt::format("the module returned {} values, expected sizes {}", found.values.size(),
                            fmt::join(wanted, " x ")),
                file, kExportAgain};
}

}  // namespace

WordReader::WordReader(ReadingPackage package, const Device& device, Precision precision)
    : package_(std::move(package)),
      levels_(levels_of(package_.mean, package_.std)),
      characters_(LineCharacters::read(package_.package.verified_file(package_.characters))) {
    const auto load = [&](const std::string& file) {
        return load_pixel_network(package_.package.verified_file(file), device, precision);
    };
    detector_ = load(package_.detector);
    direction_ = load(package_.direction);
    recogniser_ = load(package_.recogniser);
}

void WordReader::fill(std::span<float> row, const Image& line, int height, int width) const {
    const int narrow = width_at({line.width, line.height}, height, width);
    const auto resized = resized_picture(line, narrow, height);
    const auto stride = pixels_of(1, width);
    const auto used = pixels_of(1, narrow);
    for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
        const auto* from = resized.rgb.data() + y * used;
        std::transform(from, from + used, row.begin() + static_cast<std::ptrdiff_t>(y * stride),
                       [&](std::uint8_t value) { return levels_[value]; });
    }
}

std::vector<TextBox> WordReader::find(const Image& picture) const {
    const auto size = detector_size({picture.width, picture.height}, package_.detect);
    const auto seen = resized_picture(picture, size.width, size.height);
    std::vector<float> pixels(seen.rgb.size());
    std::transform(seen.rgb.begin(), seen.rgb.end(), pixels.begin(),
                   [&](std::uint8_t value) { return levels_[value]; });
    auto found = detector_->run(pixels, 1, size.height, size.width, 4);
    check_sizes(found, {1, 1, size.height, size.width},
                package_.package.directory / package_.detector);
    const TextMap map{size.width, size.height, std::move(found.values)};
    return text_boxes(map, picture.width, picture.height, package_.detect.boxes);
}

void WordReader::turn_upright(std::vector<Image>& lines) const {
    const auto& settings = package_.turn;
    const auto size = pixels_of(settings.height, settings.width);
    for (std::size_t begin = 0; begin < lines.size(); begin += kLinesTurned) {
        const auto count = std::min(kLinesTurned, lines.size() - begin);
        std::vector<float> pixels(count * size);
        for (std::size_t i = 0; i < count; ++i) {
            fill(std::span(pixels).subspan(i * size, size), lines[begin + i], settings.height,
                 settings.width);
        }
        const auto found = direction_->run(pixels, count, settings.height, settings.width, 2);
        check_sizes(found, {static_cast<std::int64_t>(count), kUpsideDown + 1},
                    package_.package.directory / package_.direction);
        for (std::size_t i = 0; i < count; ++i) {
            if (double{found.values[2 * i + kUpsideDown]} > settings.sure)
                turn_round(lines[begin + i]);
        }
    }
}

std::vector<LineText> WordReader::recognise(const std::vector<Image>& lines) const {
    const auto& settings = package_.lines;
    std::vector<PictureSize> sizes;
    for (const auto& line : lines)
        sizes.push_back({line.width, line.height});
    std::vector<LineText> texts(lines.size());
    for (const auto& batch : line_batches(sizes, settings)) {
        const auto size = pixels_of(settings.height, batch.width);
        std::vector<float> pixels(batch.lines.size() * size);
        for (std::size_t i = 0; i < batch.lines.size(); ++i) {
            fill(std::span(pixels).subspan(i * size, size), lines[batch.lines[i]], settings.height,
                 batch.width);
        }
        const auto found =
            recogniser_->run(pixels, batch.lines.size(), settings.height, batch.width, 3);
        check_sizes(found, {static_cast<std::int64_t>(batch.lines.size()), found.sizes[1], 2},
                    package_.package.directory / package_.recogniser);
        const auto columns = static_cast<std::size_t>(found.sizes[1]);
        for (std::size_t i = 0; i < batch.lines.size(); ++i) {
            std::vector<ColumnGuess> guesses;
            for (auto at = i * columns; at < (i + 1) * columns; ++at)
                guesses.push_back(
                    {static_cast<std::int32_t>(found.values[2 * at]), found.values[2 * at + 1]});
            texts[batch.lines[i]] = characters_.decode(guesses);
        }
    }
    return texts;
}

std::vector<ReadLine> WordReader::read(const Image& image) const {
    const auto picture = searched_picture(image, package_.search);
    if (picture.image.rgb.empty()) return {};
    const auto boxes = find(picture.image);
    std::vector<Image> lines;
    for (const auto& box : boxes)
        lines.push_back(cut_out(picture.image, box));
    turn_upright(lines);
    const auto texts = recognise(lines);
    std::vector<ReadLine> result;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (texts[i].sureness >= package_.lines.sure && !texts[i].text.empty())
            result.push_back({texts[i].text, texts[i].sureness, picture.original(boxes[i])});
    }
    return result;
}

}  // namespace pmatch
