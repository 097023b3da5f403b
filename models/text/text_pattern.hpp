/// Patterns of a Split or a Replace of a tokenizer.json.
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

    /// Appends the matches in `text` (valid UTF-8), from left to right, without overlaps.
    virtual void find(std::string_view text, std::vector<TextSpan>& matches) const = 0;
};

/// Reads {"String": …} or {"Regex": …} under `key`.
std::unique_ptr<TextPattern> read_pattern(const JsonFields& fields, const char* key);

/// The pattern of GPT-2, the default of ByteLevel.
std::unique_ptr<TextPattern> gpt2_pattern();

/// A hand-written scanner for this pattern, or null if there is none. Exists for CLIP, GPT-2,
/// Qwen2, Llama 3, and runs of blanks.
std::unique_ptr<TextPattern> published_pattern(std::string_view regex);

/// Any other pattern, as an ICU regular expression. Throws Error for syntax that the library's
/// engine (oniguruma) and ICU interpret differently.
std::unique_ptr<TextPattern> icu_pattern(const JsonFields& fields, const char* key,
                                         const std::string& regex);

}  // namespace pmatch
