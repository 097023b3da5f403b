/// The model.json of a package that reads the words in pictures.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/vision/text_boxes.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// Which pictures are resized or framed before lines are sought in them.
struct SearchSettings {
    int shortest = 0;   ///< pixels of the shorter side; smaller ones are enlarged
    int longest = 0;    ///< of the longer side; larger ones are shrunk
    double widest = 0;  ///< times as wide as high; above and below wider ones is black added
};

struct DetectorSettings {
    int side = 0;      ///< pixels of the shorter side, at least
    int multiple = 0;  ///< both sides are multiples of it
    TextBoxOptions boxes;
};

/// What tells whether a line is upside down.
struct DirectionSettings {
    int height = 0;
    int width = 0;
    double sure = 0;  ///< how likely it must be upside down to be turned
};

struct RecogniserSettings {
    int height = 0;
    int width = 0;             ///< at least, filled up with grey
    std::size_t together = 0;  ///< lines that are filled up to the widest of them
    double sure = 0;           ///< mean probability of its characters below which a line is noise
};

struct ReadingPackage {
    Package package;
    std::string detector;  ///< file names in the package
    std::string direction;
    std::string recogniser;
    std::string characters;
    double mean = 0;  ///< of pixels from 0 to 1, for all networks
    double std = 1;
    SearchSettings search;
    DetectorSettings detect;
    DirectionSettings turn;
    RecogniserSettings lines;
    std::string decisive;  ///< JSON of everything that determines a text, files by their SHA-256
};

/// Reads and validates model.json like read_package(). Throws Error if the package has another
/// task.
ReadingPackage read_reading_package(const std::filesystem::path& directory);

}  // namespace pmatch
