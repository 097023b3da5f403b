/// Tokenizers composed of the parts named in a tokenizer.json: normalizer, pre-tokenizer, BPE or
/// Unigram, post-processor.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

/// Loads a tokenizer.json whose model is BPE or Unigram.
std::unique_ptr<Tokenizer> load_pipeline_tokenizer(const JsonFields& top);

}  // namespace pmatch
