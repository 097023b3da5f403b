/// BERT's tokenizer: BertNormalizer, BertPreTokenizer, WordPiece.
#pragma once

#include <memory>

#include "core/text/json_fields.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

/// From a whole tokenizer.json whose model is a WordPiece.
std::unique_ptr<Tokenizer> load_bert_tokenizer(const JsonFields& top);

}  // namespace pmatch
