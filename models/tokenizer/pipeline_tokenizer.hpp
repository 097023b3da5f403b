/// Tokenizers put together from the parts a tokenizer.json names: normalizer, pre-tokenizer,
/// BPE or Unigram, post-processor.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

/// From a whole tokenizer.json whose model is a BPE or a Unigram.
std::unique_ptr<Tokenizer> load_pipeline_tokenizer(const JsonFields& top);

}  // namespace pmatch
