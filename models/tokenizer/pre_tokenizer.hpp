/// Cuts a normalised text into the words that the model sees one by one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json_fields.hpp"
#include "models/text/text_pattern.hpp"

namespace pmatch {

/// The words of one text, none empty, in order.
struct Words {
    std::string_view text;        ///< what `spans` count in: the text, or `rewritten`
    std::vector<TextSpan> spans;  ///< one that a step drops belongs to no word
    bool at_start = false;        ///< the first word stands where the whole text begins
    std::string rewritten;        ///< a step's own text

    std::vector<TextSpan> spare_spans;  ///< for the next step's result
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
    bool bytes = false;  ///< the model is to see bytes as characters (ByteLevel, the last step)
};

/// From "pre_tokenizer" of a tokenizer.json (null: no steps). Knows Split, ByteLevel, Metaspace,
/// WhitespaceSplit and Sequences of them.
PreTokenizers read_pre_tokenizers(const JsonFields& top);

}  // namespace pmatch
