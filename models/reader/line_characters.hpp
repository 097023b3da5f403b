/// From what a recogniser says of each column of a line to text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace pmatch {

/// What is most likely in one column of a line.
struct ColumnGuess {
    std::int32_t character = 0;  ///< its number; 0: nothing
    float probability = 0;
};

struct LineText {
    std::string text;
    double sureness = 0;  ///< the mean probability of its characters; 0 without any
};

class LineCharacters {
public:
    /// `characters[i]` is the text of number i, UTF-8; that of 0 is not used.
    explicit LineCharacters(std::vector<std::string> characters);
    /// Reads a JSON array. Throws Error if the file is none of at least two texts.
    static LineCharacters read(const std::filesystem::path& file);

    /// One character for each run of columns that say the same, none for those that say nothing:
    /// the best path of connectionist temporal classification (Graves et al., ICML 2006). Throws
    /// Error for a number without a character.
    LineText decode(std::span<const ColumnGuess> columns) const;

    std::size_t size() const { return characters_.size(); }

private:
    std::vector<std::string> characters_;
};

}  // namespace pmatch
