/// What model.json says of a package that writes captions.
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
    int positions = 0;  ///< the most tokens a row may have
};

/// Text around the picture and the prompt.
struct PromptPieces {
    std::string before;   ///< the picture
    std::string between;  ///< picture and prompt
    std::string after;    ///< the prompt
    std::string text;     ///< the prompt itself, unless another is given
};

struct CaptionPackage {
    Package package;
    std::string vision;  ///< files of the package
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
    std::string decisive;  ///< JSON of all here that decides a caption, files by their SHA-256
};

/// Reads and checks model.json as read_package does. Throws Error when the package is of another
/// task.
CaptionPackage read_caption_package(const std::filesystem::path& directory);

/// Bytes that keys and values of one token take. int8 is for weights alone.
std::size_t cache_bytes_a_token(const DecoderShape& shape, Precision precision);

}  // namespace pmatch
