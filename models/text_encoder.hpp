/// The text tower of a package: tokens in, vectors out.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/encoder.hpp"
#include "models/module.hpp"
#include "models/package.hpp"
#include "models/tokenizer.hpp"

namespace pmatch {

class TextEncoder {
public:
    /// Verifies and loads the tower's files; `package.text` must be set.
    TextEncoder(const Package& package, Device device);

    std::vector<std::int32_t> tokens(std::string_view text, TextRole role) const;

    /// Where to cut a batch into forward passes: ends of consecutive runs. Decided by the token
    /// counts alone, so equal batches give equal passes, whatever the number of threads.
    std::vector<std::size_t> plan(std::span<const Prepared* const> batch) const;

    /// One forward pass; vectors.size() / batch.size() floats each, in the order of the batch.
    void forward(std::span<const Prepared* const> batch, std::span<float> vectors) const;

private:
    TextSettings settings_;
    std::size_t tokens_a_pass_;
    std::unique_ptr<Tokenizer> tokenizer_;
    Module module_;
};

}  // namespace pmatch
