/// Unigram: splits a word into the pieces with the highest total score.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/subword/subword_model.hpp"

namespace pmatch {

/// Loads the "model" of a tokenizer.json.
std::unique_ptr<SubwordModel> load_unigram(const JsonFields& model);

}  // namespace pmatch
