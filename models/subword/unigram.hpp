/// Unigram: of all ways to cut a word into pieces the one whose scores add up highest.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/subword/subword_model.hpp"

namespace pmatch {

/// From the "model" of a tokenizer.json.
std::unique_ptr<SubwordModel> load_unigram(const JsonFields& model);

}  // namespace pmatch
