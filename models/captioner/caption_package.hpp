/// The model.json of a captioning package.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/package/package.hpp"
#include "models/preprocess/tiling.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

/// Shapes of the decoder's tensors.
struct DecoderShape {
    int hidden = 0;
    int layers = 0;
    int kv_heads = 0;
    int head_dim = 0;
    int vocabulary = 0;
    int positions = 0;  ///< maximum number of tokens per row
};

/// Text before, between and after the picture and the prompt.
struct PromptPieces {
    std::string before;   ///< before the picture
    std::string between;  ///< between picture and prompt
    std::string after;    ///< after the prompt
    std::string text;     ///< the default prompt
};

struct CaptionPackage {
    Package package;
    std::string vision;  ///< file names in the package
    std::string decoder;
    std::string tokenizer;
    PreprocessSettings preprocess;  ///< of one view
    TilingSettings tiling;
    PromptPieces prompt;
    std::int32_t image_token = 0;
    std::vector<std::int32_t> stop_tokens;
    double repetition_penalty = 1;
    int max_new_tokens = 0;
    DecoderShape shape;
    std::string decisive;  ///< JSON of everything that determines a caption, files by their SHA-256
};

/// Reads and validates model.json like read_package(). Throws Error if the package has another
/// task.
CaptionPackage read_caption_package(const std::filesystem::path& directory);

/// Size of one token's keys and values. int8 applies to weights only.
std::size_t cache_bytes_a_token(const DecoderShape& shape, Precision precision);

}  // namespace pmatch
