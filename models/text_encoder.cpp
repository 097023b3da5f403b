#include "models/text_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace pmatch {
namespace {

// Padded tokens in one pass. A core's caches like small passes, a GPU is idle in them.
constexpr std::size_t kTokensOnCpu = 1024;
constexpr std::size_t kTokensOnCuda = 32768;

}  // namespace

TextEncoder::TextEncoder(const Package& package, Device device)
    : settings_(*package.text),
      tokens_a_pass_(device == Device::kCuda ? kTokensOnCuda : kTokensOnCpu),
      tokenizer_(load_tokenizer(package.verified_file(settings_.tokenizer))),
      module_(package.verified_file(settings_.module), device, Module::For::kTexts) {
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

std::vector<std::size_t> TextEncoder::plan(std::span<const Prepared* const> batch) const {
    std::vector<std::size_t> ends;
    std::size_t begin = 0;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        longest = std::max(longest, batch[i]->tokens.size());
        if (i > begin && longest * (i + 1 - begin) > tokens_a_pass_) {
            ends.push_back(i);
            begin = i;
            longest = batch[i]->tokens.size();
        }
    }
    ends.push_back(batch.size());
    return ends;
}

void TextEncoder::forward(std::span<const Prepared* const> batch, std::span<float> vectors) const {
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
