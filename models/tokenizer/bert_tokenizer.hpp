/// BERT's tokenizer: BertNormalizer, BertPreTokenizer, WordPiece.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

/// Loads a tokenizer.json whose model is WordPiece.
std::unique_ptr<Tokenizer> load_bert_tokenizer(const JsonFields& top);

}  // namespace pmatch
