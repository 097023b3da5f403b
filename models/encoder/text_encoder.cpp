#include "models/encoder/text_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

// Padded tokens per pass. Small passes fit a core's caches, but leave a GPU idle.
constexpr std::size_t kTokensOnCpu = 1024;
constexpr std::size_t kTokensOnCuda = 16384;

}  // namespace

TextEncoder::TextEncoder(const Package& package, const Device& device, Precision precision)
    : settings_(*package.text),
      tokens_a_pass_(device.cuda() ? kTokensOnCuda : kTokensOnCpu),
      tokenizer_(load_tokenizer(package.verified_file(settings_.tokenizer))),
      module_(load_module(package.verified_file(settings_.module), device, Module::For::kTexts,
                          precision)) {
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

std::size_t TextEncoder::end_of_pass(std::span<const Prepared* const> batch, std::size_t begin,
                                     int halvings) const {
    const auto limit = tokens_a_pass_ >> static_cast<unsigned>(halvings);
    std::size_t longest = 0;
    for (auto i = begin; i < batch.size(); ++i) {
        longest = std::max(longest, batch[i]->tokens.size());
        if (i > begin && longest * (i + 1 - begin) > limit) return i;
    }
    return batch.size();
}

std::unique_ptr<Pass> TextEncoder::start(std::span<const Prepared* const> batch,
                                         std::size_t dim) const {
    std::size_t length = 1;
    for (const auto* input : batch)
        length = std::max(length, input->tokens.size());
    auto pass = module_->new_text_pass(batch.size(), length);
    const auto ids = pass->ids();
    const auto mask = pass->mask();
    std::fill(ids.begin(), ids.end(), settings_.pad_id);
    std::fill(mask.begin(), mask.end(), 0);
    for (std::size_t row = 0; row < batch.size(); ++row) {
        const auto& tokens = batch[row]->tokens;
        const auto at = static_cast<std::ptrdiff_t>(row * length);
        std::copy(tokens.begin(), tokens.end(), ids.begin() + at);
        std::fill_n(mask.begin() + at, tokens.size(), 1);
    }
    module_->start(*pass, dim);
    return pass;
}

}  // namespace pmatch
