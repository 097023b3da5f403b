#include "models/captioner/caption_network.hpp"

#include <c10/core/DeviceGuard.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/common/error.hpp"
#include "models/torch/kv_cache.hpp"
#include "models/torch/reduced_precision.hpp"
#include "models/torch/torch_side.hpp"
#include "models/torch/torch_tools.hpp"
#include "models/torch/view_features.hpp"

namespace pmatch {
namespace {

constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

std::int64_t signed_size(std::size_t size) {
    return static_cast<std::int64_t>(size);
}

torch::jit::Module load(const std::filesystem::path& file, at::Device device, Precision precision,
                        const std::vector<std::string>& kept) {
    auto loaded = torch::jit::load(file.string(), device);
    loaded.eval();
    // The file has the checkpoint's precision.
    loaded.to(number_type(precision));
    auto frozen = torch::jit::freeze(loaded, kept);
    if (precision == Precision::kInt8) lower_precision(frozen, precision);
    return frozen;
}

/// Runs `work` and converts torch's exceptions.
template <typename Work>
auto guarded(const std::filesystem::path& file, const char* doing, const Work& work) {
    try {
        const c10::InferenceMode guard;
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        if (is_out_of_memory(e)) {
            throw OutOfMemory{
                std::string("not enough memory for ") + doing + ": " + torch_reason(e),
                file.string(), "give a smaller --batch, less --cache, or --precision bf16"};
        }
        throw Error{std::string("torch failed while ") + doing + ": " + torch_reason(e),
                    file.string(), kExportAgain};
    }
}

struct TorchCaptions final : CaptionNetwork {
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
    CaptionRows rows;

    void load_modules();
    at::Tensor vision_pass(std::span<const float> pixels, std::int64_t views);
    at::Tensor picture_features(const DecodeRequest& question);
    at::Tensor embed(const at::Tensor& tokens);
    at::Tensor prefill(const DecodeRequest& question, std::span<const std::int32_t> answer,
                       bool all);
    void check_shape(const at::Tensor& found, const std::vector<std::int64_t>& wanted,
                     const std::filesystem::path& file) const;
    template <typename Work>
    auto on_rows(const char* doing, const Work& work);

    std::vector<float> features(const DecodeRequest& question) override;
    std::size_t active() const override { return rows.lengths.size(); }
    std::size_t slots() const override { return options.slots; }
    std::int32_t enter(const DecodeRequest& question) override;
    std::vector<std::int32_t> step() override;
    void leave(std::size_t slot) override;
    std::vector<float> logits(const DecodeRequest& question,
                              std::span<const std::int32_t> answer) override;
};

void TorchCaptions::load_modules() {
    torch::jit::getProfilingMode() = false;
    const c10::OptionalDeviceGuard here(device);
    vision = load(vision_file, device, options.precision, {});
    decoder = load(decoder_file, device, options.precision, {"embed", "newline"});
    newline = decoder.attr("newline").toTensor().to(at::kFloat);
    check_shape(newline, {shape.hidden}, decoder_file);
}

void TorchCaptions::check_shape(const at::Tensor& found, const std::vector<std::int64_t>& wanted,
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

at::Tensor TorchCaptions::vision_pass(std::span<const float> pixels, std::int64_t views) {
    // from_blob takes a non-const pointer; nothing is written.
    auto* data =
        const_cast<float*>(pixels.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    const auto host = at::from_blob(data, {views, tiling.side, tiling.side, 3}, at::kFloat);
    const auto input = host.permute({0, 3, 1, 2}).contiguous().to(device);
    auto out = vision.forward({input}).toTensor().to(at::kFloat);
    check_shape(out, {views, std::int64_t{tiling.grid} * tiling.grid, shape.hidden}, vision_file);
    return out;
}

at::Tensor TorchCaptions::picture_features(const DecodeRequest& question) {
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
    return feature_map(at::cat(done), question.plan, newline, tiling.grid);
}

at::Tensor TorchCaptions::embed(const at::Tensor& tokens) {
    return decoder.get_method("embed")({tokens}).toTensor();
}

at::Tensor TorchCaptions::prefill(const DecodeRequest& question,
                                  std::span<const std::int32_t> answer, bool all) {
    const auto picture = picture_features(question);
    std::vector<at::Tensor> parts{embed(tokens_tensor(question.before, device))};
    parts.push_back(picture.to(parts.front().scalar_type()));
    parts.push_back(embed(tokens_tensor(question.behind, device)));
    if (!answer.empty()) parts.push_back(embed(tokens_tensor(answer, device)));
    const auto x = at::cat(parts).unsqueeze(0);
    const auto slot = signed_size(rows.lengths.size());
    const auto length = x.size(1);
    if (length > signed_size(options.places) || slot >= signed_size(options.slots)) {
        throw Error{"a picture and its prompt have " + std::to_string(length) +
                        " tokens, there is room for " + std::to_string(options.places),
                    {},
                    "give a shorter --prompt, or fewer --max-tokens"};
    }
    const auto start = at::zeros({1}, rows.next.options());
    auto out = decoder
                   .forward({x, start, length, rows.keys.narrow(1, slot, 1),
                             rows.values.narrow(1, slot, 1), all})
                   .toTensor();
    check_shape(out, {1, all ? length : 1, shape.vocabulary}, decoder_file);
    return out.select(0, 0);
}

/// Runs `work` on the rows. If it throws, the rows are wiped: a value that is not finite would
/// spoil the next row in its slot, although it is masked.
template <typename Work>
auto TorchCaptions::on_rows(const char* doing, const Work& work) {
    return guarded(decoder_file, doing, [&] {
        const c10::OptionalDeviceGuard here(device);
        try {
            return work();
        } catch (...) {
            const auto used = signed_size(std::min(rows.lengths.size() + 1, options.slots));
            rows.keys.narrow(1, 0, used).zero_();
            rows.values.narrow(1, 0, used).zero_();
            throw;
        }
    });
}

std::vector<float> on_host(const at::Tensor& tensor) {
    const auto out = tensor.to(at::kCPU).contiguous();
    const auto* data = out.const_data_ptr<float>();
    return {data, data + out.numel()};
}

std::vector<float> TorchCaptions::features(const DecodeRequest& question) {
    return guarded(vision_file, "looking at a picture", [&] {
        const c10::OptionalDeviceGuard here(device);
        return on_host(picture_features(question));
    });
}

std::int32_t TorchCaptions::enter(const DecodeRequest& question) {
    return on_rows("reading a picture and its prompt", [&] {
        const auto scores = prefill(question, {}, false);
        std::vector<std::int32_t> prompt(question.before.begin(), question.before.end());
        prompt.insert(prompt.end(), question.behind.begin(), question.behind.end());
        prompt.push_back(image_token);
        const auto length = question.before.size() + question.behind.size() +
                            static_cast<std::size_t>(question.plan.tokens);
        return rows.begin(prompt, length, scores);
    });
}

std::vector<std::int32_t> TorchCaptions::step() {
    return on_rows("writing captions", [&] {
        const auto count = signed_size(rows.lengths.size());
        const auto longest = *std::max_element(rows.lengths.begin(), rows.lengths.end()) + 1;
        if (longest > options.places) {
            throw Error{
                "a row is longer than its room of " + std::to_string(options.places) + " tokens",
                {},
                "report this as a fault of pmatch"};
        }
        const auto x = embed(rows.next.narrow(0, 0, count).unsqueeze(1));
        const auto out =
            decoder
                .forward({x, rows.starts.narrow(0, 0, count), signed_size(longest),
                          rows.keys.narrow(1, 0, count), rows.values.narrow(1, 0, count), false})
                .toTensor();
        auto tokens = rows.choose(out.select(1, 0), 0);
        rows.advance();
        return tokens;
    });
}

void TorchCaptions::leave(std::size_t slot) {
    guarded(decoder_file, "writing captions", [&] {
        const c10::OptionalDeviceGuard here(device);
        rows.leave(slot);
    });
}

std::vector<float> TorchCaptions::logits(const DecodeRequest& question,
                                         std::span<const std::int32_t> answer) {
    return guarded(decoder_file, "reading a picture and its caption", [&] {
        const c10::OptionalDeviceGuard here(device);
        const auto all = prefill(question, answer, true);
        const auto count = signed_size(answer.size()) + 1;
        return on_host(all.narrow(0, all.size(0) - count, count));
    });
}

}  // namespace

namespace torch_side {

std::unique_ptr<CaptionNetwork> load_caption_network(const CaptionPackage& package,
                                                     const NetworkFiles& files,
                                                     const NetworkOptions& options) {
    keep_freed_memory();
    ask_for_huge_pages();
    auto network = std::make_unique<TorchCaptions>();
    network->shape = package.shape;
    network->tiling = package.tiling;
    network->options = options;
    network->image_token = package.image_token;
    network->vision_file = files.vision;
    network->decoder_file = files.decoder;
    network->device = torch_device(options.device);
    guarded(files.decoder, "loading the modules", [&] {
        network->load_modules();
        network->rows.make(package.shape, options.slots, options.places, options.repetition_penalty,
                           options.precision, network->device);
    });
    return network;
}

}  // namespace torch_side
}  // namespace pmatch
