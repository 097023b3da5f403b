#include "models/caption_network.hpp"

#include <c10/core/DeviceGuard.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "models/lower_precision.hpp"
#include "models/torch_tools.hpp"

namespace pmatch {
namespace {

constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

at::ScalarType number_type(Precision precision) {
    if (precision == Precision::kBf16) return at::kBFloat16;
    return precision == Precision::kFp16 ? at::kHalf : at::kFloat;
}

std::int64_t signed_size(std::size_t size) {
    return static_cast<std::int64_t>(size);
}

/// Zeros, because what is masked must be finite all the same. On the CPU pages that nobody wrote
/// to take no memory.
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

at::Tensor tokens_tensor(std::span<const std::int32_t> tokens, at::Device device) {
    auto tensor = at::empty({signed_size(tokens.size())}, at::kLong);
    std::copy(tokens.begin(), tokens.end(), tensor.data_ptr<std::int64_t>());
    return tensor.to(device);
}

torch::jit::Module load(const std::filesystem::path& file, at::Device device, Precision precision,
                        const std::vector<std::string>& kept) {
    auto loaded = torch::jit::load(file.string(), device);
    loaded.eval();
    // Weights are in the file as the checkpoint had them.
    loaded.to(number_type(precision));
    auto frozen = torch::jit::freeze(loaded, kept);
    if (precision == Precision::kInt8) lower_precision(frozen, precision);
    return frozen;
}

/// Runs `work`, with torch's exceptions as ours.
template <typename Work>
auto guarded(const std::filesystem::path& file, const char* doing, const Work& work) {
    try {
        const c10::InferenceMode guard;
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw Error{std::string("memory ran out while ") + doing, file.string(),
                    "give a smaller --batch, or less --cache"};
    } catch (const std::exception& e) {
        if (is_out_of_memory(e)) {
            throw Error{std::string("memory ran out while ") + doing + ": " + torch_reason(e),
                        file.string(), "give a smaller --batch, or --precision bf16"};
        }
        throw Error{std::string("torch failed while ") + doing + ": " + torch_reason(e),
                    file.string(), kExportAgain};
    }
}

}  // namespace

struct CaptionNetwork::Impl {
    DecoderShape shape;
    TilingSettings tiling;
    NetworkOptions options;
    std::int32_t image_token = 0;
    std::filesystem::path vision_file;
    std::filesystem::path decoder_file;
    at::Device device = at::kCPU;
    torch::jit::Module vision;
    torch::jit::Module decoder;
    at::Tensor newline;  ///< [hidden]
    at::Tensor keys;     ///< [layers, slots, kv_heads, places, head_dim]
    at::Tensor values;
    at::Tensor seen;                   ///< bool [slots, vocabulary]: tokens that the penalty is for
    at::Tensor next;                   ///< int64 [slots]: token to be fed
    at::Tensor starts;                 ///< int64 [slots]: its place
    std::vector<std::size_t> lengths;  ///< the same on the host, one for each active row

    void load_modules();
    void make_state();
    at::Tensor vision_pass(std::span<const float> pixels, std::int64_t views);
    at::Tensor pack(const at::Tensor& views, const ViewPlan& plan) const;
    at::Tensor features(const Question& question);
    at::Tensor embed(const at::Tensor& tokens);
    at::Tensor prefill(const Question& question, std::span<const std::int32_t> answer, bool all);
    std::vector<std::int32_t> choose(at::Tensor scores, std::int64_t first);
    void check_shape(const at::Tensor& found, const std::vector<std::int64_t>& wanted,
                     const std::filesystem::path& file) const;
};

void CaptionNetwork::Impl::load_modules() {
    torch::jit::getProfilingMode() = false;
    const c10::OptionalDeviceGuard here(device);
    vision = load(vision_file, device, options.precision, {});
    decoder = load(decoder_file, device, options.precision, {"embed", "newline"});
    newline = decoder.attr("newline").toTensor().to(at::kFloat);
    check_shape(newline, {shape.hidden}, decoder_file);
}

void CaptionNetwork::Impl::make_state() {
    const auto slots = signed_size(options.slots);
    const std::vector<std::int64_t> cache{shape.layers, slots, shape.kv_heads,
                                          signed_size(options.places), shape.head_dim};
    keys = make_cache(cache, number_type(options.precision), device);
    values = make_cache(cache, number_type(options.precision), device);
    if (options.repetition_penalty != 1) {
        seen = at::zeros({slots, shape.vocabulary}, at::TensorOptions(at::kBool).device(device));
    }
    next = at::zeros({slots}, at::TensorOptions(at::kLong).device(device));
    starts = at::zeros_like(next);
}

void CaptionNetwork::Impl::check_shape(const at::Tensor& found,
                                       const std::vector<std::int64_t>& wanted,
                                       const std::filesystem::path& file) const {
    if (found.sizes() == at::IntArrayRef(wanted)) return;
    std::string shapes;
    for (const auto& sizes : {found.sizes(), at::IntArrayRef(wanted)}) {
        shapes += shapes.empty() ? "the module gives" : ", expected";
        for (const auto size : sizes)
            shapes += ' ' + std::to_string(size);
    }
    throw Error{shapes, file.string(), kExportAgain};
}

at::Tensor CaptionNetwork::Impl::vision_pass(std::span<const float> pixels, std::int64_t views) {
    // from_blob wants no const; nothing writes to it.
    auto* data =
        const_cast<float*>(pixels.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    const auto host = at::from_blob(data, {views, tiling.side, tiling.side, 3}, at::kFloat);
    const auto input = host.permute({0, 3, 1, 2}).contiguous().to(device);
    auto out = vision.forward({input}).toTensor().to(at::kFloat);
    check_shape(out, {views, std::int64_t{tiling.grid} * tiling.grid, shape.hidden}, vision_file);
    return out;
}

/// View of all, then the tiles' features as one map: black borders cut off, shrunk where there are
/// very many, a newline behind each row.
at::Tensor CaptionNetwork::Impl::pack(const at::Tensor& views, const ViewPlan& plan) const {
    const auto base = views.select(0, 0);
    if (plan.tile_rows == 0) return at::cat({base, newline.unsqueeze(0)});
    const auto tiles = plan.twin ? views : views.narrow(0, 1, views.size(0) - 1);
    auto map = tiles.reshape({plan.tile_rows, plan.tile_columns, tiling.grid, tiling.grid, -1})
                   .permute({4, 0, 2, 1, 3})
                   .contiguous()
                   .flatten(1, 2)
                   .flatten(2, 3);
    map = map.narrow(1, plan.first_row, plan.rows).narrow(2, plan.first_column, plan.columns);
    if (plan.shrunk_rows != plan.rows || plan.shrunk_columns != plan.columns) {
        map = at::upsample_bilinear2d(map.unsqueeze(0), {plan.shrunk_rows, plan.shrunk_columns},
                                      /*align_corners=*/false)
                  .squeeze(0);
    }
    const auto ends = newline.view({-1, 1, 1}).expand({-1, plan.shrunk_rows, 1});
    map = at::cat({map, ends}, 2).flatten(1, 2).transpose(0, 1);
    return at::cat({base, map});
}

at::Tensor CaptionNetwork::Impl::features(const Question& question) {
    const auto views = static_cast<std::size_t>(question.plan.views());
    const auto view_size =
        static_cast<std::size_t>(tiling.side) * static_cast<std::size_t>(tiling.side) * 3;
    if (question.pixels.size() != views * view_size) {
        throw Error{"a prepared picture has " + std::to_string(question.pixels.size()) +
                        " values, expected " + std::to_string(views * view_size),
                    {},
                    "prepare pictures with the captioner that describes them"};
    }
    std::vector<at::Tensor> done;
    for (std::size_t begin = 0; begin < views; begin += options.views_a_pass) {
        const auto count = std::min(options.views_a_pass, views - begin);
        done.push_back(vision_pass(question.pixels.subspan(begin * view_size, count * view_size),
                                   signed_size(count)));
    }
    return pack(at::cat(done), question.plan);
}

at::Tensor CaptionNetwork::Impl::embed(const at::Tensor& tokens) {
    return decoder.get_method("embed")({tokens}).toTensor();
}

at::Tensor CaptionNetwork::Impl::prefill(const Question& question,
                                         std::span<const std::int32_t> answer, bool all) {
    const auto picture = features(question);
    std::vector<at::Tensor> parts{embed(tokens_tensor(question.before, device))};
    parts.push_back(picture.to(parts.front().scalar_type()));
    parts.push_back(embed(tokens_tensor(question.behind, device)));
    if (!answer.empty()) parts.push_back(embed(tokens_tensor(answer, device)));
    const auto x = at::cat(parts).unsqueeze(0);
    const auto slot = signed_size(lengths.size());
    const auto length = x.size(1);
    if (length > signed_size(options.places) || slot >= signed_size(options.slots)) {
        throw Error{"a picture and its prompt have " + std::to_string(length) +
                        " tokens, there is room for " + std::to_string(options.places),
                    {},
                    "give a shorter --prompt, or fewer --max-tokens"};
    }
    const auto start = at::zeros({1}, next.options());
    auto out =
        decoder.forward({x, start, length, keys.narrow(1, slot, 1), values.narrow(1, slot, 1), all})
            .toTensor();
    check_shape(out, {1, all ? length : 1, shape.vocabulary}, decoder_file);
    return out.select(0, 0);
}

/// The best token of each row of `scores` [rows, vocabulary], after the penalty.
std::vector<std::int32_t> CaptionNetwork::Impl::choose(at::Tensor scores, std::int64_t first) {
    const auto rows = scores.size(0);
    if (seen.defined()) {
        const auto penalty = options.repetition_penalty;
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
            throw Error{"the decoder gives values that are not finite", decoder_file.string(),
                        "use --precision fp32, or bf16 where the device has it"};
        }
        tokens.push_back(static_cast<std::int32_t>(on_host.const_data_ptr<std::int64_t>()[row]));
    }
    return tokens;
}

CaptionNetwork::CaptionNetwork(const CaptionPackage& package, const NetworkOptions& options)
    : impl_(std::make_unique<Impl>()) {
    keep_freed_memory();
    impl_->shape = package.shape;
    impl_->tiling = package.tiling;
    impl_->options = options;
    impl_->image_token = package.image_token;
    impl_->vision_file = package.package.verified_file(package.vision);
    impl_->decoder_file = package.package.verified_file(package.decoder);
    impl_->device = torch_device(options.device);
    guarded(impl_->decoder_file, "loading the modules", [&] {
        impl_->load_modules();
        impl_->make_state();
    });
}

CaptionNetwork::~CaptionNetwork() = default;

std::size_t CaptionNetwork::active() const {
    return impl_->lengths.size();
}

std::size_t CaptionNetwork::slots() const {
    return impl_->options.slots;
}

std::vector<float> CaptionNetwork::features(const Question& question) const {
    return guarded(impl_->vision_file, "looking at a picture", [&] {
        const c10::OptionalDeviceGuard here(impl_->device);
        const auto out = impl_->features(question).to(at::kCPU).contiguous();
        const auto* data = out.const_data_ptr<float>();
        return std::vector<float>(data, data + out.numel());
    });
}

std::int32_t CaptionNetwork::enter(const Question& question) {
    auto& state = *impl_;
    return guarded(state.decoder_file, "reading a picture and its prompt", [&] {
        const c10::OptionalDeviceGuard here(state.device);
        const auto scores = state.prefill(question, {}, false);
        const auto slot = signed_size(state.lengths.size());
        if (state.seen.defined()) {
            std::vector<std::int32_t> prompt(question.before.begin(), question.before.end());
            prompt.insert(prompt.end(), question.behind.begin(), question.behind.end());
            prompt.push_back(state.image_token);
            auto marks = state.seen.select(0, slot);
            marks.zero_();
            marks.index_fill_(0, tokens_tensor(prompt, state.device), true);
        }
        const auto token = state.choose(scores, slot).front();
        const auto length = question.before.size() + question.behind.size() +
                            static_cast<std::size_t>(question.plan.tokens);
        state.lengths.push_back(length);
        state.starts.narrow(0, slot, 1).fill_(signed_size(length));
        return token;
    });
}

std::vector<std::int32_t> CaptionNetwork::step() {
    auto& state = *impl_;
    return guarded(state.decoder_file, "writing captions", [&] {
        const c10::OptionalDeviceGuard here(state.device);
        const auto rows = signed_size(state.lengths.size());
        const auto longest = *std::max_element(state.lengths.begin(), state.lengths.end()) + 1;
        if (longest > state.options.places) {
            throw Error{"a row is longer than its room of " + std::to_string(state.options.places) +
                            " tokens",
                        {},
                        "report this as a fault of pmatch"};
        }
        const auto x = state.embed(state.next.narrow(0, 0, rows).unsqueeze(1));
        auto starts = state.starts.narrow(0, 0, rows);
        const auto out =
            state.decoder
                .forward({x, starts, signed_size(longest), state.keys.narrow(1, 0, rows),
                          state.values.narrow(1, 0, rows), false})
                .toTensor();
        auto tokens = state.choose(out.select(1, 0), 0);
        starts.add_(1);
        for (auto& length : state.lengths)
            ++length;
        return tokens;
    });
}

void CaptionNetwork::leave(std::size_t slot) {
    auto& state = *impl_;
    guarded(state.decoder_file, "writing captions", [&] {
        const c10::OptionalDeviceGuard here(state.device);
        const auto to = signed_size(slot);
        const auto from = signed_size(state.lengths.size()) - 1;
        const auto move = [&](const at::Tensor& rows) {
            if (rows.defined()) rows.select(0, to).copy_(rows.select(0, from));
        };
        if (to != from) {
            const auto length = signed_size(state.lengths.back());
            for (const auto& cache : {state.keys, state.values}) {
                cache.select(1, to)
                    .narrow(2, 0, length)
                    .copy_(cache.select(1, from).narrow(2, 0, length));
            }
            move(state.seen);
            move(state.next);
            move(state.starts);
            state.lengths[slot] = state.lengths.back();
        }
        state.lengths.pop_back();
    });
}

std::vector<float> CaptionNetwork::logits(const Question& question,
                                          std::span<const std::int32_t> answer) {
    auto& state = *impl_;
    return guarded(state.decoder_file, "reading a picture and its caption", [&] {
        const c10::OptionalDeviceGuard here(state.device);
        const auto all = state.prefill(question, answer, true);
        const auto count = signed_size(answer.size()) + 1;
        const auto out = all.narrow(0, all.size(0) - count, count).to(at::kCPU).contiguous();
        const auto* data = out.const_data_ptr<float>();
        return std::vector<float>(data, data + out.numel());
    });
}

std::size_t cache_bytes_a_token(const DecoderShape& shape, Precision precision) {
    const auto size = [](int count) { return static_cast<std::size_t>(count); };
    return 2 * size(shape.layers) * size(shape.kv_heads) * size(shape.head_dim) *
           c10::elementSize(number_type(precision));
}

}  // namespace pmatch
