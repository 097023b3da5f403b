/// The networks of a LLaVA-OneVision on one device and the rows being written. What implements
/// them is in the library that torch_library.hpp opens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "models/captioner/caption_package.hpp"
#include "models/preprocess/tiling.hpp"
#include "models/runtime/device.hpp"
#include "models/runtime/precision.hpp"

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
struct DecodeRequest {
    std::span<const float> pixels;  ///< plan.views() x side x side x 3, normalised
    ViewPlan plan;
    std::span<const std::int32_t> before;  ///< tokens in front of the picture
    std::span<const std::int32_t> behind;
};

/// The modules of a package, verified.
struct NetworkFiles {
    std::filesystem::path vision;
    std::filesystem::path decoder;
};

class CaptionNetwork {
public:
    CaptionNetwork() = default;
    CaptionNetwork(const CaptionNetwork&) = delete;
    CaptionNetwork& operator=(const CaptionNetwork&) = delete;
    virtual ~CaptionNetwork() = default;

    /// What the decoder sees of a picture: plan.tokens x hidden floats.
    virtual std::vector<float> features(const DecodeRequest& question) = 0;

    /// Rows being written are those of slots 0 to active() - 1.
    virtual std::size_t active() const = 0;
    virtual std::size_t slots() const = 0;

    /// Slot active() takes the question, which must fit; returns the answer's first token.
    virtual std::int32_t enter(const DecodeRequest& question) = 0;
    /// The next token of each active row.
    virtual std::vector<std::int32_t> step() = 0;
    /// The row is finished; the last active row takes its slot.
    virtual void leave(std::size_t slot) = 0;

    /// Logits of all places of a row: question, then `answer`; the last answer.size() + 1 of them,
    /// each vocabulary floats. Uses slot active().
    virtual std::vector<float> logits(const DecodeRequest& question,
                                      std::span<const std::int32_t> answer) = 0;
};

/// Opens torch where nothing has yet. Throws Error, naming the file, when torch cannot load a
/// module or memory does not suffice.
std::unique_ptr<CaptionNetwork> load_caption_network(const CaptionPackage& package,
                                                     const NetworkOptions& options);

}  // namespace pmatch
