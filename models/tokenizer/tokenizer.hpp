/// Text to token ids, as the tokenizers library does it from the same tokenizer.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// At most `max_tokens` ids, the special tokens around the text included; what is too much
    /// is cut at the end of the text. Bytes that are not UTF-8 count as U+FFFD.
    /// Safe to call from many threads.
    virtual std::vector<std::int32_t> encode(std::string_view text,
                                             std::size_t max_tokens) const = 0;

    /// The special tokens that encode() puts around every text.
    virtual std::size_t special_tokens() const = 0;

    /// The text of `ids`: special tokens are left out, ids that are no token skipped, bytes that
    /// are not UTF-8 become U+FFFD. An Error where the tokenizer.json has no ByteLevel decoder.
    virtual std::string decode(std::span<const std::int32_t> ids) const = 0;
};

/// Reads a tokenizer.json. A component that this version does not know is an Error naming it.
std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& file);

}  // namespace pmatch
