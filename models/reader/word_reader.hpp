/// Reads the words in a picture: finds the lines, turns them upright and recognises them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/common/image.hpp"
#include "core/vision/text_box.hpp"
#include "models/reader/line_characters.hpp"
#include "models/reader/reading_package.hpp"
#include "models/runtime/pixel_network.hpp"

namespace pmatch {

struct ReadLine {
    std::string text;
    double sureness = 0;  ///< the mean probability of its characters
    TextBox box;          ///< in pixels of the picture
};

class WordReader {
public:
    /// Verifies and loads the package's files.
    WordReader(ReadingPackage package, const Device& device, Precision precision);

    /// From top to bottom. Safe to call from many threads.
    std::vector<ReadLine> read(const Image& image) const;

private:
    std::vector<TextBox> find(const Image& picture) const;
    void turn_upright(std::vector<Image>& lines) const;
    std::vector<LineText> recognise(const std::vector<Image>& lines) const;
    /// Writes the line, resized, into its row of a batch; pixels beside it stay.
    void fill(std::span<float> row, const Image& line, int height, int width) const;

    ReadingPackage package_;
    std::vector<float> levels_;  ///< what the networks get for each value of a byte
    LineCharacters characters_;
    std::unique_ptr<PixelNetwork> detector_;
    std::unique_ptr<PixelNetwork> direction_;
    std::unique_ptr<PixelNetwork> recogniser_;
};

}  // namespace pmatch
