/// Tokenizers that give the same ids as the tokenizers library for the same tokenizer.json.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// At most `max_tokens` ids, including special tokens (more only if those alone are more);
    /// excess is truncated at the end of the text. Thread-safe.
    std::vector<std::int32_t> encode(std::string_view text, std::size_t max_tokens) const {
        return framed(content(text, max_tokens - std::min(max_tokens, special_tokens())));
    }

    /// The first ids of the text, at most `most`, without special tokens. Bytes that are not UTF-8
    /// are treated as U+FFFD. Thread-safe.
    virtual std::vector<std::int32_t> content(std::string_view text, std::size_t most) const = 0;
    /// Such ids with the special tokens around them.
    virtual std::vector<std::int32_t> framed(std::vector<std::int32_t> content) const = 0;
    /// Number of special tokens that framed() adds.
    virtual std::size_t special_tokens() const = 0;
    /// What stands for all that the vocabulary lacks; nullopt: it lacks nothing, or drops it.
    virtual std::optional<std::int32_t> unknown_token() const = 0;

    /// The text of `ids`, without special tokens and invalid ids; bytes that are not UTF-8 become
    /// U+FFFD. Throws Error if the tokenizer.json has no ByteLevel decoder.
    virtual std::string decode(std::span<const std::int32_t> ids) const = 0;
};

/// Reads a tokenizer.json. Throws Error, naming it, for an unsupported component.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& file);

}  // namespace pmatch
