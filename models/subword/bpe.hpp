/// Byte-pair encoding: merges pairs of adjacent pieces, in the order in which the merges were
/// learned.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/subword/subword_model.hpp"

namespace pmatch {

/// Loads the "model" of a tokenizer.json. With `bytes` its input is raw bytes, which its vocabulary
/// writes in GPT-2's alphabet.
std::unique_ptr<SubwordModel> load_bpe(const JsonFields& model, bool bytes);

}  // namespace pmatch
