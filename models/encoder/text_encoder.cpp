#include "models/encoder/text_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// What ends a pass, in tokens.
struct PassLimits {
    std::size_t tokens;   ///< with padding
    std::size_t padding;  ///< about as many as take the time that a pass takes besides its tokens
};
// Small passes fit a core's caches and are spread over the cores, but leave a GPU idle.
constexpr PassLimits kOnCpu{256, 32};
constexpr PassLimits kOnCuda{16384, 16384};

/// A text of more is cut: one input must not hold up a run for ever.
constexpr std::size_t kMostWindows = 256;

}  // namespace

TextEncoder::TextEncoder(const Package& package, const Device& device, Precision precision,
                         LongTexts long_texts)
    : settings_(*package.text),
      long_texts_(long_texts),
      cuda_(device.cuda()),
      tokenizer_(load_tokenizer(package.verified_file(settings_.tokenizer))),
      module_(load_module(package.verified_file(settings_.module), device, Module::For::kTexts,
                          precision)) {
    if (tokenizer_->special_tokens() >= static_cast<std::size_t>(settings_.max_tokens)) {
        throw Error{fmt::format("text.max_tokens is {}, the special tokens alone are {}",
                                settings_.max_tokens, tokenizer_->special_tokens()),
                    package.directory / "model.json",
                    "export the package again with scripts/export_model.py"};
    }
    room_ = static_cast<std::size_t>(settings_.max_tokens) - tokenizer_->special_tokens();
    query_prefix_ = tokenizer_->content(settings_.query_prefix, room_ - 1);
    document_prefix_ = tokenizer_->content(settings_.document_prefix, room_ - 1);
}

Prepared TextEncoder::prepare(std::string_view text, TextRole role) const {
    const bool query = role == TextRole::kQuery;
    const auto& prefix = query ? settings_.query_prefix : settings_.document_prefix;
    const auto& of_prefix = query ? query_prefix_ : document_prefix_;
    // One more than there is room for tells that the text is longer.
    auto content = prefix.empty() ? tokenizer_->content(text, room_ + 1)
                                  : tokenizer_->content(prefix + std::string(text), room_ + 1);
    Prepared prepared;
    prepared.nothing = content.size() <= of_prefix.size();
    if (const auto unknown = tokenizer_->unknown_token(); unknown && !prepared.nothing) {
        const auto count = std::count(content.begin(), content.end(), *unknown);
        prepared.unknown = static_cast<std::size_t>(count) + of_prefix.size() >= content.size();
    }
    const bool fits = content.size() <= room_;
    if (!fits && long_texts_ == LongTexts::kMean) {
        add_windows(text, of_prefix, prepared);
        return prepared;
    }
    prepared.cut = !fits;
    if (!fits) content.resize(room_);
    prepared.tokens = tokenizer_->framed(std::move(content));
    return prepared;
}

/// Windows of about equal length, so that the last one does not count more than its words do; each
/// has the prefix.
void TextEncoder::add_windows(std::string_view text, const Ids& prefix, Prepared& prepared) const {
    const auto room = room_ - prefix.size();
    const auto most = room * kMostWindows;
    auto content = tokenizer_->content(text, most + 1);
    prepared.cut = content.size() > most;
    content.resize(std::min(content.size(), most));
    const auto count = (content.size() + room - 1) / room;
    for (std::size_t window = 0; window < count; ++window) {
        const auto begin =
            content.begin() + static_cast<std::ptrdiff_t>(window * content.size() / count);
        const auto end =
            content.begin() + static_cast<std::ptrdiff_t>((window + 1) * content.size() / count);
        auto ids = prefix;
        ids.insert(ids.end(), begin, end);
        ids = tokenizer_->framed(std::move(ids));
        if (window == 0) {
            prepared.tokens = std::move(ids);
        } else {
            prepared.more_windows.push_back(std::move(ids));
        }
    }
}

std::size_t TextEncoder::end_of_pass(std::span<const Prepared* const> batch, std::size_t begin,
                                     int halvings) const {
    const auto& limits = cuda_ ? kOnCuda : kOnCpu;
    const auto most = limits.tokens >> static_cast<unsigned>(halvings);
    std::size_t longest = 0;
    std::size_t tokens = 0;
    for (auto i = begin; i < batch.size(); ++i) {
        longest = std::max(longest, batch[i]->tokens.size());
        tokens += batch[i]->tokens.size();
        const auto padded = longest * (i + 1 - begin);
        if (i > begin && (padded > most || padded - tokens > limits.padding)) return i;
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
