/// Input and output of the embedding pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/files/hash.hpp"

namespace pmatch {

/// One picture of an item, or its text.
struct InputKey {
    std::int64_t row = 0;      ///< the item's row in the collection (for queries: their index)
    std::int32_t ordinal = 0;  ///< the picture's number within the item; 0 for a text
    Hash128 content;           ///< of the picture's bytes or the text

    friend auto operator<=>(const InputKey&, const InputKey&) = default;
};

/// One input to embed: a picture if `picture` is set, else a text.
struct EmbeddingInput {
    InputKey key;
    std::filesystem::path picture;
    std::string text;
    Problem problem;  ///< code not empty: the input is already known to be unusable
};

/// Windows of inputs; a batch never crosses a window, so equal windows mean equal batches.
class WorkSource {
public:
    virtual ~WorkSource() = default;
    /// The next window; empty at the end. Called on one thread.
    virtual std::vector<EmbeddingInput> next_window() = 0;
};

struct SkippedInput {
    InputKey key;
    Problem problem;
};

/// A window's result: the vectors of each key, in the order of the window; failed inputs are in
/// `skipped` instead.
struct EmbeddedWindow {
    std::vector<InputKey> keys;
    std::vector<float> vectors;  ///< row-major
    std::vector<SkippedInput> skipped;
    /// VectorsPerInput::kVariable: per key, the number of vectors up to and including its last.
    /// Empty for encoders that make one vector of each input.
    std::vector<std::size_t> ends = {};
};

class EmbeddingSink {
public:
    virtual ~EmbeddingSink() = default;
    /// Windows arrive in the source's order, on one thread.
    virtual void append(EmbeddedWindow window) = 0;
};

}  // namespace pmatch
