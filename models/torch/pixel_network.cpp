#include "models/runtime/pixel_network.hpp"

#include <c10/core/DeviceGuard.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <string>
#include <utility>

#include "models/runtime/module.hpp"
#include "models/torch/reduced_precision.hpp"
#include "models/torch/torch_side.hpp"
#include "models/torch/torch_tools.hpp"

namespace pmatch {
namespace {

constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

struct TorchPixels final : PixelNetwork {
    std::filesystem::path file;
    at::Device device = at::kCPU;
    torch::jit::Module module;

    void load(Precision precision);
    at::Tensor forward(std::span<const float> pixels, std::size_t rows, int height,
                       int width) const;
    NetworkValues run(std::span<const float> pixels, std::size_t rows, int height, int width,
                      std::size_t dimensions) const override;
};

void TorchPixels::load(Precision precision) {
    // The profiling executor recompiles for seconds at every new shape.
    torch::jit::getProfilingMode() = false;
    const c10::InferenceMode guard;
    const c10::OptionalDeviceGuard here(device);
    auto loaded = torch::jit::load(file.string(), device);
    loaded.eval();
    module = torch::jit::freeze(loaded);
    if (precision != Precision::kFp32 && lower_precision(module, precision) == 0) {
        throw NothingToLower{file.filename().string() + " has no layers that " +
                                 std::string(name_of(precision)) + " makes smaller",
                             "use --precision fp32"};
    }
}

at::Tensor TorchPixels::forward(std::span<const float> pixels, std::size_t rows, int height,
                                int width) const {
    const c10::InferenceMode guard;
    const c10::OptionalDeviceGuard here(device);
    // from_blob takes a non-const pointer; nothing is written.
    auto* data =
        const_cast<float*>(pixels.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    const auto host =
        at::from_blob(data, {static_cast<std::int64_t>(rows), height, width, 3}, at::kFloat);
    auto method = module.get_method("forward");
    const auto out = method({host.to(device).permute({0, 3, 1, 2})}).toTensor();
    return out.to(at::kCPU, at::kFloat).contiguous();
}

NetworkValues TorchPixels::run(std::span<const float> pixels, std::size_t rows, int height,
                               int width, std::size_t dimensions) const {
    at::Tensor out;
    try {
        out = forward(pixels, rows, height, width);
    } catch (const std::exception& e) {
        const auto what = std::to_string(rows) + " pictures of " + std::to_string(width) + " x " +
                          std::to_string(height) + " pixels: " + torch_reason(e);
        if (is_out_of_memory(e)) {
            throw OutOfMemory{"not enough memory for " + what, file.string(),
                              "use fewer --threads, or a device with more memory"};
        }
        throw Error{"the module failed on " + what, file.string(), kExportAgain};
    }
    if (out.dim() != static_cast<std::int64_t>(dimensions) ||
        out.size(0) != static_cast<std::int64_t>(rows)) {
        throw Error{"the module returned " + std::to_string(out.dim()) + " dimensions for " +
                        std::to_string(rows) + " pictures, expected " + std::to_string(dimensions),
                    file.string(), kExportAgain};
    }
    const auto* data = out.const_data_ptr<float>();
    return {out.sizes().vec(), {data, data + out.numel()}};
}

}  // namespace

namespace torch_side {

std::unique_ptr<PixelNetwork> load_pixel_network(const std::filesystem::path& file,
                                                 const Device& device, Precision precision) {
    keep_freed_memory();
    auto loading = std::make_unique<TorchPixels>();
    loading->file = file;
    loading->device = torch_device(device);
    try {
        loading->load(precision);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        throw Error{"torch cannot load the module: " + torch_reason(e), file.string(),
                    kExportAgain};
    }
    return loading;
}

}  // namespace torch_side
}  // namespace pmatch
