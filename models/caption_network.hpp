/// The networks of a LLaVA-OneVision on one device and the rows being written. Nothing of torch is
/// seen outside caption_network.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "models/caption_package.hpp"
#include "models/device.hpp"
#include "models/precision.hpp"
#include "models/tiling.hpp"

namespace pmatch {

struct NetworkOptions {
    Device device;
    Precision precision = Precision::kFp32;
    std::size_t slots = 1;          ///< rows at a time
    std::size_t places = 0;         ///< tokens a row may have: prompt, picture and caption
    std::size_t views_a_pass = 1;   ///< views that the vision tower takes at a time
    double repetition_penalty = 1;  ///< 1 = none
};

/// A picture with its prompt.
struct Question {
    std::span<const float> pixels;  ///< plan.views() x side x side x 3, normalised
    ViewPlan plan;
    std::span<const std::int32_t> before;  ///< tokens in front of the picture
    std::span<const std::int32_t> behind;
};

class CaptionNetwork {
public:
    /// Verifies and loads the package's modules. Throws Error, naming the file, when torch cannot
    /// load one or memory does not suffice.
    CaptionNetwork(const CaptionPackage& package, const NetworkOptions& options);
    ~CaptionNetwork();
    CaptionNetwork(const CaptionNetwork&) = delete;
    CaptionNetwork& operator=(const CaptionNetwork&) = delete;

    /// What the decoder sees of a picture: plan.tokens x hidden floats.
    std::vector<float> features(const Question& question) const;

    /// Rows being written are those of slots 0 to active() - 1.
    std::size_t active() const;
    std::size_t slots() const;

    /// Slot active() takes the question, which must fit; returns the answer's first token.
    std::int32_t enter(const Question& question);
    /// The next token of each active row.
    std::vector<std::int32_t> step();
    /// The row is finished; the last active row takes its slot.
    void leave(std::size_t slot);

    /// Logits of all places of a row: question, then `answer`; the last answer.size() + 1 of them,
    /// each vocabulary floats. Uses slot active().
    std::vector<float> logits(const Question& question, std::span<const std::int32_t> answer);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Bytes that keys and values of one token take.
std::size_t cache_bytes_a_token(const DecoderShape& shape, Precision precision);

}  // namespace pmatch
