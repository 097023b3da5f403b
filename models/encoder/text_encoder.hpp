/// The text tower of a package: encodes tokens as vectors.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "models/package/package.hpp"
#include "models/runtime/module.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

class TextEncoder {
public:
    /// Verifies and loads the tower's files; `package.text` must be set.
    TextEncoder(const Package& package, const Device& device, Precision precision,
                LongTexts long_texts = LongTexts::kCut);

    Prepared prepare(std::string_view text, TextRole role) const;

    /// The end of the forward pass that starts at `begin`, after passes were halved `halvings`
    /// times. Depends on token counts only, so equal batches give equal passes for any number of
    /// threads.
    std::size_t end_of_pass(std::span<const Prepared* const> batch, std::size_t begin,
                            int halvings) const;

    /// Starts one forward pass; vectors have `dim` floats, in the order of the batch.
    std::unique_ptr<Pass> start(std::span<const Prepared* const> batch, std::size_t dim) const;
    const Module& module() const { return *module_; }

private:
    using Ids = std::vector<std::int32_t>;
    void add_windows(std::string_view text, const Ids& prefix, Prepared& prepared) const;

    TextSettings settings_;
    LongTexts long_texts_;
    std::size_t room_ = 0;  ///< tokens of a text that fit between the special ones
    Ids query_prefix_;      ///< its tokens
    Ids document_prefix_;
    bool cuda_;
    std::unique_ptr<Tokenizer> tokenizer_;
    std::unique_ptr<Module> module_;
};

}  // namespace pmatch
