#include "models/torch/kv_cache.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <numeric>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// Zeros, because even masked entries must be finite. On the CPU, untouched pages take no memory.
at::Tensor make_cache(const std::vector<std::int64_t>& shape, at::ScalarType type,
                      at::Device device) {
    const auto options = at::TensorOptions(type).device(device);
    if (!device.is_cpu()) return at::zeros(shape, options);
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1},
                                       [](std::int64_t a, std::int64_t b) { return a * b; });
    void* memory = std::calloc(static_cast<std::size_t>(count), c10::elementSize(type));
    if (memory == nullptr) throw std::bad_alloc();
    return at::from_blob(
        memory, shape, [](void* blocks) { std::free(blocks); }, options);
}

}  // namespace

at::ScalarType number_type(Precision precision) {
    if (precision == Precision::kBf16) return at::kBFloat16;
    return precision == Precision::kFp16 ? at::kHalf : at::kFloat;
}

at::Tensor tokens_tensor(std::span<const std::int32_t> tokens, at::Device device) {
    auto tensor = at::empty({static_cast<std::int64_t>(tokens.size())}, at::kLong);
    std::copy(tokens.begin(), tokens.end(), tensor.data_ptr<std::int64_t>());
    return tensor.to(device);
}

void CaptionRows::make(const DecoderShape& shape, std::size_t slots, std::size_t places,
                       double repetition_penalty, Precision precision, at::Device device) {
    penalty = repetition_penalty;
    const auto count = static_cast<std::int64_t>(slots);
    const std::vector<std::int64_t> cache{shape.layers, count, shape.kv_heads,
                                          static_cast<std::int64_t>(places), shape.head_dim};
    keys = make_cache(cache, number_type(precision), device);
    values = make_cache(cache, number_type(precision), device);
    if (penalty != 1) {
        seen = at::zeros({count, shape.vocabulary}, at::TensorOptions(at::kBool).device(device));
    }
    next = at::zeros({count}, at::TensorOptions(at::kLong).device(device));
    starts = at::zeros_like(next);
}

std::int32_t CaptionRows::begin(std::span<const std::int32_t> prompt, std::size_t length,
                                const at::Tensor& scores) {
    const auto slot = static_cast<std::int64_t>(lengths.size());
    if (seen.defined()) {
        auto marks = seen.select(0, slot);
        marks.zero_();
        marks.index_fill_(0, tokens_tensor(prompt, seen.device()), true);
    }
    const auto token = choose(scores, slot).front();
    lengths.push_back(length);
    starts.narrow(0, slot, 1).fill_(static_cast<std::int64_t>(length));
    return token;
}

std::vector<std::int32_t> CaptionRows::choose(at::Tensor scores, std::int64_t first) {
    const auto rows = scores.size(0);
    if (seen.defined()) {
        const auto marks = seen.narrow(0, first, rows);
        scores =
            at::where(marks, at::where(scores < 0, scores * penalty, scores / penalty), scores);
    }
    const auto best = scores.argmax(-1, /*keepdim=*/true);
    if (seen.defined()) seen.narrow(0, first, rows).scatter_(1, best, true);
    next.narrow(0, first, rows).copy_(best.squeeze(1));
    const auto best_scores = scores.gather(1, best).to(at::kCPU);
    const auto on_host = best.to(at::kCPU);
    std::vector<std::int32_t> tokens;
    for (std::int64_t row = 0; row < rows; ++row) {
        if (!std::isfinite(best_scores.const_data_ptr<float>()[row])) {
            throw Error{"the decoder gives values that are not finite",
                        {},
                        "use --precision fp32, or bf16 where the device has it"};
        }
        tokens.push_back(static_cast<std::int32_t>(on_host.const_data_ptr<std::int64_t>()[row]));
    }
    return tokens;
}

void CaptionRows::advance() {
    starts.narrow(0, 0, static_cast<std::int64_t>(lengths.size())).add_(1);
    for (auto& length : lengths)
        ++length;
}

void CaptionRows::leave(std::size_t slot) {
    const auto to = static_cast<std::int64_t>(slot);
    const auto from = static_cast<std::int64_t>(lengths.size()) - 1;
    const auto move = [&](const at::Tensor& rows) {
        if (rows.defined()) rows.select(0, to).copy_(rows.select(0, from));
    };
    if (to != from) {
        const auto length = static_cast<std::int64_t>(lengths.back());
        for (const auto& cache : {keys, values}) {
            cache.select(1, to)
                .narrow(2, 0, length)
                .copy_(cache.select(1, from).narrow(2, 0, length));
        }
        move(seen);
        move(next);
        move(starts);
        lengths[slot] = lengths.back();
    }
    lengths.pop_back();
}

}  // namespace pmatch
