/// The networks of LLaVA-OneVision on one device, and the captions being generated. Implemented in
/// the library that torch_library.hpp opens.
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
    std::size_t slots = 1;          ///< number of rows generated at a time
    std::size_t places = 0;         ///< maximum tokens per row: prompt, picture and caption
    std::size_t views_a_pass = 1;   ///< number of views per pass of the vision tower
    double repetition_penalty = 1;  ///< 1 = none
};

/// A picture and its prompt.
struct DecodeRequest {
    std::span<const float> pixels;  ///< plan.views() x side x side x 3, normalised
    ViewPlan plan;
    std::span<const std::int32_t> before;  ///< tokens before the picture
    std::span<const std::int32_t> behind;
};

/// The verified module files of a package.
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

    /// The decoder's input for a picture: plan.tokens x hidden floats.
    virtual std::vector<float> features(const DecodeRequest& question) = 0;

    /// Active rows are those of slots 0 to active() - 1.
    virtual std::size_t active() const = 0;
    virtual std::size_t slots() const = 0;

    /// Adds the question, which must fit, as slot active(); returns the answer's first token.
    virtual std::int32_t enter(const DecodeRequest& question) = 0;
    /// The next token of each active row.
    virtual std::vector<std::int32_t> step() = 0;
    /// Removes a finished row; the last active row moves to its slot.
    virtual void leave(std::size_t slot) = 0;

    /// Teacher forcing: logits of the last answer.size() + 1 positions of the sequence of question
    /// and `answer`, each `vocabulary` floats. Uses slot active().
    virtual std::vector<float> logits(const DecodeRequest& question,
                                      std::span<const std::int32_t> answer) = 0;
};

/// Opens torch if necessary. Throws Error, naming the file, if torch cannot load a module or memory
/// is insufficient.
std::unique_ptr<CaptionNetwork> load_caption_network(const CaptionPackage& package,
                                                     const NetworkOptions& options);

}  // namespace pmatch
