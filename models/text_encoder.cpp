#include "models/text_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace pmatch {

TextEncoder::TextEncoder(const Package& package, Device device)
    : settings_(*package.text),
      tokenizer_(load_tokenizer(package.verified_file(settings_.tokenizer))),
      module_(package.verified_file(settings_.module), device) {
    if (tokenizer_->special_tokens() >= static_cast<std::size_t>(settings_.max_tokens)) {
        throw Error{fmt::format("text.max_tokens is {}, the special tokens alone are {}",
                                settings_.max_tokens, tokenizer_->special_tokens()),
                    package.directory / "model.json",
                    "export the package again with scripts/export_model.py"};
    }
}

std::vector<std::int32_t> TextEncoder::tokens(std::string_view text, TextRole role) const {
    const auto limit = static_cast<std::size_t>(settings_.max_tokens);
    const auto& prefix =
        role == TextRole::kQuery ? settings_.query_prefix : settings_.document_prefix;
    if (prefix.empty()) return tokenizer_->encode(text, limit);
    return tokenizer_->encode(prefix + std::string(text), limit);
}

void TextEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors) const {
    std::size_t length = 1;
    for (const auto* input : batch)
        length = std::max(length, input->tokens.size());
    std::vector<std::int64_t> ids(batch.size() * length, settings_.pad_id);
    std::vector<std::int64_t> mask(ids.size(), 0);
    for (std::size_t row = 0; row < batch.size(); ++row) {
        const auto& tokens = batch[row]->tokens;
        const auto at = static_cast<std::ptrdiff_t>(row * length);
        std::copy(tokens.begin(), tokens.end(), ids.begin() + at);
        std::fill_n(mask.begin() + at, tokens.size(), 1);
    }
    module_.forward_text(ids, mask, batch.size(), vectors);
}

}  // namespace pmatch
