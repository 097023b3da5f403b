/// Output of the captioning pipeline.
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

/// A picture with its caption, or the reason why it has none.
struct CaptionEntry {
    InputKey key;  ///< the picture's
    std::string caption;
    Problem problem;  ///< if code is not empty, there is no caption

    bool good() const { return problem.code.empty(); }
};

class CaptionSink {
public:
    virtual ~CaptionSink() = default;
    /// Windows arrive in the source's order, on one thread; entries in ascending (row, ordinal).
    virtual void append(std::vector<CaptionEntry> window) = 0;
};

/// Rejects unusable captions: the captioner's own problem, "empty_caption", or "repeating_caption"
/// for one that repeats the same few tokens.
std::optional<Problem> caption_problem(const Caption& caption);

}  // namespace pmatch
