/// The captions being written side by side: keys and values, and where each row is. Only for files
/// that see torch's headers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/captioner/caption_package.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

at::ScalarType number_type(Precision precision);

/// On the device, as int64.
at::Tensor tokens_tensor(std::span<const std::int32_t> tokens, at::Device device);

struct CaptionRows {
    double penalty = 1;  ///< of tokens that a row has; 1 = none
    at::Tensor keys;     ///< [layers, slots, kv_heads, places, head_dim]
    at::Tensor values;
    at::Tensor seen;                   ///< bool [slots, vocabulary]: tokens that the penalty is for
    at::Tensor next;                   ///< int64 [slots]: token to be fed
    at::Tensor starts;                 ///< int64 [slots]: its place
    std::vector<std::size_t> lengths;  ///< the same on the host, one for each active row

    void make(const DecoderShape& shape, std::size_t slots, std::size_t places, double penalty,
              Precision precision, at::Device device);
    /// The row of a slot begins behind `prompt`, which takes `length` places; `scores` [1,
    /// vocabulary] choose its first token.
    std::int32_t begin(std::span<const std::int32_t> prompt, std::size_t length,
                       const at::Tensor& scores);
    /// The best token of each row of `scores` [rows, vocabulary] after the penalty, for the slots
    /// from `first` on. Throws Error for values that are not finite.
    std::vector<std::int32_t> choose(at::Tensor scores, std::int64_t first);
    /// Every active row has one more token.
    void advance();
    /// The row is finished; the last active row takes its slot.
    void leave(std::size_t slot);
};

}  // namespace pmatch
