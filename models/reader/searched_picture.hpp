/// The sizes at which a picture is read.
#pragma once

#include <vector>

#include "core/common/image.hpp"
#include "core/vision/text_box.hpp"
#include "models/reader/reading_package.hpp"

namespace pmatch {

struct PictureSize {
    int width = 0;
    int height = 0;

    friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// A picture as lines are sought in it and cut out of it.
struct SearchedPicture {
    Image image;   ///< empty: a strip too narrow to have words
    double x = 1;  ///< pixels of the original per pixel
    double y = 1;
    int top = 0;     ///< rows added above
    PictureSize of;  ///< the original

    /// The box in the original.
    TextBox original(TextBox box) const;
};

SearchedPicture searched_picture(const Image& image, const SearchSettings& settings);

/// The size at which the detector sees a picture.
PictureSize detector_size(const PictureSize& picture, const DetectorSettings& settings);

/// Lines that the recogniser sees together, all of `width`.
struct LineBatch {
    std::vector<std::size_t> lines;  ///< by their place among all
    int width = 0;
};

/// From the narrowest, for their height, to the widest; each line once.
std::vector<LineBatch> line_batches(const std::vector<PictureSize>& lines,
                                    const RecogniserSettings& settings);

/// The width of a line once it has the height, which is at most `most`.
int width_at(const PictureSize& line, int height, int most);

}  // namespace pmatch
