/// What a Split or a Replace of a tokenizer.json looks for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json_fields.hpp"

namespace pmatch {

/// Bytes [begin, end) of a text.
struct TextSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class TextPattern {
public:
    virtual ~TextPattern() = default;

    /// Appends the matches in `text` (valid UTF-8), from left to right, none inside another.
    virtual void find(std::string_view text, std::vector<TextSpan>& matches) const = 0;
};

/// From {"String": …} or {"Regex": …} under `key`.
std::unique_ptr<TextPattern> read_pattern(const JsonFields& fields, const char* key);

/// The pattern of GPT-2, which ByteLevel splits by unless it is told not to.
std::unique_ptr<TextPattern> gpt2_pattern();

/// A scanner written for this very pattern, or null: those of CLIP, GPT-2, Qwen2, Llama 3, and
/// runs of blanks.
std::unique_ptr<TextPattern> published_pattern(std::string_view regex);

/// Any other pattern, by ICU's regular expressions. Refuses, as an Error, what the library's
/// (oniguruma's) and ICU's would read differently.
std::unique_ptr<TextPattern> icu_pattern(const JsonFields& fields, const char* key,
                                         const std::string& regex);

}  // namespace pmatch
