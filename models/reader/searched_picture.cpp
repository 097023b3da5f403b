#include "models/reader/searched_picture.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/vision/resized_picture.hpp"

namespace pmatch {
namespace {

constexpr int kMostElongated = 100;          ///< the longer side by the shorter
constexpr double kMostSearched = 6'000'000;  ///< pixels: what strips are enlarged to, at most
constexpr int kStep = 32;                    ///< pixels: resized pictures have multiples of it
constexpr int kWidestLine = 6400;            ///< pixels: what is longer is squeezed

int multiple_near(int side, double factor, int multiple) {
    const double wanted = std::trunc(side * factor);
    return std::max(1, static_cast<int>(std::nearbyint(wanted / multiple))) * multiple;
}

/// One side of the picture becomes `side`.
Image with_side(const Image& image, int now, int side) {
    const double factor = static_cast<double>(side) / now;
    return resized_picture(image, multiple_near(image.width, factor, kStep),
                           multiple_near(image.height, factor, kStep));
}

/// Black rows above a picture that is too wide or low, and as many below.
int rows_above(const PictureSize& size, const SearchSettings& settings) {
    if (size.height > settings.shortest && size.width <= settings.widest * size.height) return 0;
    const int high = std::max(static_cast<int>(size.width / settings.widest), settings.shortest);
    return std::abs(2 * high - size.height) / 2;
}

void add_rows(Image& image, int rows) {
    const auto black = 3 * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(rows);
    image.rgb.insert(image.rgb.begin(), black, 0);
    image.rgb.resize(image.rgb.size() + black, 0);
    image.height += 2 * rows;
}

double ratio_of(const PictureSize& line) {
    return static_cast<double>(line.width) / line.height;
}

}  // namespace

TextBox SearchedPicture::original(TextBox box) const {
    for (auto& corner : box) {
        corner.x = std::clamp(corner.x * static_cast<float>(x), 0.0F, static_cast<float>(of.width));
        corner.y = std::clamp((corner.y - static_cast<float>(top)) * static_cast<float>(y), 0.0F,
                              static_cast<float>(of.height));
    }
    return box;
}

SearchedPicture searched_picture(const Image& image, const SearchSettings& settings) {
    SearchedPicture searched;
    searched.of = {image.width, image.height};
    const auto [shorter, longer] = std::minmax({image.width, image.height});
    if (shorter < 1 || longer / shorter > kMostElongated) return searched;
    searched.image = longer > settings.longest ? with_side(image, longer, settings.longest) : image;
    const int side = std::min(searched.image.width, searched.image.height);
    if (side < settings.shortest)
        searched.image = with_side(searched.image, side, settings.shortest);
    searched.x = static_cast<double>(image.width) / searched.image.width;
    searched.y = static_cast<double>(image.height) / searched.image.height;
    searched.top = rows_above({searched.image.width, searched.image.height}, settings);
    if (searched.top > 0) add_rows(searched.image, searched.top);
    return searched;
}

PictureSize detector_size(const PictureSize& picture, const DetectorSettings& settings) {
    const double area = static_cast<double>(picture.width) * picture.height;
    const int shorter = std::min(picture.width, picture.height);
    const double wanted = std::max(1.0, static_cast<double>(settings.side) / shorter);
    const double factor = std::min(wanted, std::max(1.0, std::sqrt(kMostSearched / area)));
    return {multiple_near(picture.width, factor, settings.multiple),
            multiple_near(picture.height, factor, settings.multiple)};
}

int width_at(const PictureSize& line, int height, int most) {
    return std::clamp(static_cast<int>(std::ceil(height * ratio_of(line))), 1, most);
}

std::vector<LineBatch> line_batches(const std::vector<PictureSize>& lines,
                                    const RecogniserSettings& settings) {
    std::vector<std::size_t> order(lines.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return ratio_of(lines[a]) < ratio_of(lines[b]);
    });
    std::vector<LineBatch> batches;
    for (std::size_t begin = 0; begin < order.size(); begin += settings.together) {
        const auto end = std::min(begin + settings.together, order.size());
        const double widest = std::max(static_cast<double>(settings.width) / settings.height,
                                       ratio_of(lines[order[end - 1]]));
        auto& batch = batches.emplace_back();
        batch.lines.assign(order.begin() + static_cast<std::ptrdiff_t>(begin),
                           order.begin() + static_cast<std::ptrdiff_t>(end));
        batch.width = std::min(static_cast<int>(settings.height * widest), kWidestLine);
    }
    return batches;
}

}  // namespace pmatch
