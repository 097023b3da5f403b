/// BertNormalizer of the tokenizers library.
#pragma once

#include <string>
#include <string_view>

#include "core/text/json_fields.hpp"

namespace pmatch {

struct BertNormalizer {
    bool clean_text = true;
    bool handle_chinese_chars = true;
    bool strip_accents = true;
    bool lowercase = true;

    /// Reads the "normalizer" of a tokenizer.json.
    static BertNormalizer read(const JsonFields& fields);

    /// Appends the normalised `text` to `out` as valid UTF-8.
    void append(std::string_view text, std::string& out) const;

private:
    void append_slowly(std::string_view text, std::string& out) const;
};

}  // namespace pmatch
