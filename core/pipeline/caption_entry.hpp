/// What comes out of the captioning of a catalog's pictures.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/encoders/captioner.hpp"
#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

/// A picture with its caption, or with why it has none.
struct CaptionEntry {
    InputKey key;  ///< the picture's
    std::string caption;
    Problem problem;  ///< code not empty: there is no caption

    bool good() const { return problem.code.empty(); }
};

class CaptionSink {
public:
    virtual ~CaptionSink() = default;
    /// Windows come in the order the source gave them, from one thread; entries in ascending
    /// (row, ordinal).
    virtual void append(std::vector<CaptionEntry> window) = 0;
};

/// Why a caption cannot stand for its picture: "empty_caption", or "repeating_caption" for one that
/// is the same few tokens over and over.
std::optional<Problem> caption_problem(const Caption& caption);

}  // namespace pmatch
