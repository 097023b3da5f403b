/// Splits a normalised text into words, which the model processes one by one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json_fields.hpp"
#include "models/text/text_pattern.hpp"

namespace pmatch {

/// The words of one text, non-empty, in order.
struct Words {
    std::string_view text;        ///< the text `spans` refer to: the original, or `rewritten`
    std::vector<TextSpan> spans;  ///< parts dropped by a step are in none
    bool at_start = false;        ///< the first word is at the start of the whole text
    std::string rewritten;        ///< text modified by a step

    std::vector<TextSpan> spare_spans;  ///< buffer for the next step's result
    std::string spare_text;
    std::vector<TextSpan> matches;

    std::string_view word(const TextSpan& span) const {
        return text.substr(span.begin, span.end - span.begin);
    }
};

class PreTokenizer {
public:
    virtual ~PreTokenizer() = default;
    virtual void apply(Words& words) const = 0;
};

struct PreTokenizers {
    std::vector<std::unique_ptr<PreTokenizer>> steps;
    bool bytes = false;  ///< the model takes bytes as characters (ByteLevel, the last step)
};

/// Reads "pre_tokenizer" of a tokenizer.json (null: no steps). Supports Split, ByteLevel,
/// Metaspace, WhitespaceSplit and Sequences of them.
PreTokenizers read_pre_tokenizers(const JsonFields& top);

}  // namespace pmatch
