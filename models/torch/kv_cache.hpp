/// State of the captions being generated: keys and values, and the position of each row. Only for
/// files that include torch's headers.
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
    double penalty = 1;  ///< repetition penalty for tokens already in the row; 1 = none
    at::Tensor keys;     ///< [layers, slots, kv_heads, places, head_dim]
    at::Tensor values;
    at::Tensor seen;                   ///< bool [slots, vocabulary]: tokens subject to the penalty
    at::Tensor next;                   ///< int64 [slots]: next input token
    at::Tensor starts;                 ///< int64 [slots]: its position
    std::vector<std::size_t> lengths;  ///< the same on the host, one per active row

    void make(const DecoderShape& shape, std::size_t slots, std::size_t places, double penalty,
              Precision precision, at::Device device);
    /// Starts the row of a slot after `prompt`, which has `length` positions; `scores` [1,
    /// vocabulary] determine its first token.
    std::int32_t begin(std::span<const std::int32_t> prompt, std::size_t length,
                       const at::Tensor& scores);
    /// Greedy decoding: the best token of each row of `scores` [rows, vocabulary] after the
    /// penalty, for the slots from `first` on. Throws Error for values that are not finite.
    std::vector<std::int32_t> choose(at::Tensor scores, std::int64_t first);
    /// Adds one token to every active row.
    void advance();
    /// Removes a finished row; the last active row moves to its slot.
    void leave(std::size_t slot);
};

}  // namespace pmatch
