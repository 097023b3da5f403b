/// Byte-pair encoding: pairs of neighbouring pieces are merged, the pair that was learned first
/// before all others.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/subword/subword_model.hpp"

namespace pmatch {

/// From the "model" of a tokenizer.json. With `bytes` the model is given raw bytes, which its
/// vocabulary writes in GPT-2's alphabet.
std::unique_ptr<SubwordModel> load_bpe(const JsonFields& model, bool bytes);

}  // namespace pmatch
