#include "models/module.hpp"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/Event.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "models/lower_precision.hpp"
#include "models/torch_tools.hpp"

namespace pmatch {
namespace {

constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

at::TensorOptions host(at::ScalarType type, at::Device device) {
    return at::TensorOptions(type).pinned_memory(device.is_cuda());
}

}  // namespace

struct Pass::Impl {
    std::size_t rows = 0;
    std::vector<at::Tensor> inputs;
    at::Tensor pixels;  ///< rows x height x width x 3; inputs[0] is a view of it
    at::Tensor vectors;
    std::optional<c10::Event> done;  ///< on a GPU: when `vectors` are there
};

Pass::Pass(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pass::~Pass() = default;
Pass::Pass(Pass&&) noexcept = default;
Pass& Pass::operator=(Pass&&) noexcept = default;

std::size_t Pass::rows() const {
    return impl_->rows;
}

std::span<std::int64_t> Pass::ids() {
    auto& tensor = impl_->inputs.at(0);
    return {tensor.data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

std::span<std::int64_t> Pass::mask() {
    auto& tensor = impl_->inputs.at(1);
    return {tensor.data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

std::span<float> Pass::pixels() {
    return {impl_->pixels.data_ptr<float>(), static_cast<std::size_t>(impl_->pixels.numel())};
}

struct Module::Impl {
    std::filesystem::path file;
    at::Device device = at::kCPU;
    torch::jit::Module module;

    void load(For kind, Precision precision);
    at::Tensor forward(const Pass::Impl& pass) const;
};

int cuda_devices() {
    if (!at::hasCUDA()) return 0;
    return static_cast<int>(at::detail::getCUDAHooks().deviceCount());
}

void set_threads_of_a_pass(int threads) {
    at::set_num_threads(threads);
}

void Module::Impl::load(For kind, Precision precision) {
    // The profiling executor recompiles for seconds whenever it sees a new shape.
    torch::jit::getProfilingMode() = false;
    const c10::InferenceMode guard;
    const c10::OptionalDeviceGuard here(device);
    auto loaded = torch::jit::load(file.string(), device);
    loaded.eval();
    // Convolutions gain a fifth from oneDNN's own weight layout; the matrix products of a text
    // tower are faster as MKL does them.
    if (kind == For::kPictures && device.is_cpu() && precision == Precision::kFp32) {
        module = torch::jit::optimize_for_inference(loaded);
        return;
    }
    module = torch::jit::freeze(loaded);
    if (precision != Precision::kFp32 && lower_precision(module, precision) == 0) {
        throw NothingToLower{file.filename().string() + " has no layers that " +
                                 std::string(name_of(precision)) + " makes smaller",
                             "use --precision fp32"};
    }
}

Module::Module(const std::filesystem::path& file, const Device& device, For kind,
               Precision precision)
    : impl_(std::make_unique<Impl>()) {
    keep_freed_memory();
    impl_->file = file;
    impl_->device = torch_device(device);
    try {
        impl_->load(kind, precision);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        if (is_out_of_memory(e)) {
            throw Error{device.name() + " has too little memory for the model: " + torch_reason(e),
                        file.string(), "use --precision bf16, or another --device"};
        }
        throw Error{"torch cannot load the module: " + torch_reason(e), file.string(),
                    kExportAgain};
    }
}

Module::~Module() = default;
Module::Module(Module&&) noexcept = default;
Module& Module::operator=(Module&&) noexcept = default;

Pass Module::new_text_pass(std::size_t rows, std::size_t columns) const {
    const c10::InferenceMode guard;
    auto pass = std::make_unique<Pass::Impl>();
    pass->rows = rows;
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows),
                                          static_cast<std::int64_t>(columns)};
    for (int i = 0; i < 2; ++i)
        pass->inputs.push_back(at::empty(shape, host(at::kLong, impl_->device)));
    return Pass(std::move(pass));
}

Pass Module::new_picture_pass(std::size_t rows, int height, int width) const {
    const c10::InferenceMode guard;
    auto pass = std::make_unique<Pass::Impl>();
    pass->rows = rows;
    pass->pixels = at::empty({static_cast<std::int64_t>(rows), height, width, 3},
                             host(at::kFloat, impl_->device));
    pass->inputs.push_back(pass->pixels.permute({0, 3, 1, 2}));
    return Pass(std::move(pass));
}

at::Tensor Module::Impl::forward(const Pass::Impl& pass) const {
    std::vector<c10::IValue> inputs;
    for (const auto& input : pass.inputs)
        inputs.emplace_back(input.to(device, /*non_blocking=*/true));
    auto method = module.get_method("forward");
    return method(std::move(inputs)).toTensor().to(at::kFloat).contiguous();
}

void Module::start(Pass& pass, std::size_t dim) const {
    auto& state = *pass.impl_;
    at::Tensor out;
    try {
        const c10::InferenceMode guard;
        const c10::OptionalDeviceGuard here(impl_->device);
        out = impl_->forward(state);
        if (impl_->device.is_cuda()) {
            state.vectors = at::empty(out.sizes(), host(at::kFloat, impl_->device));
            state.vectors.copy_(out, /*non_blocking=*/true);
            state.done.emplace(at::kCUDA);
            state.done->record(at::accelerator::getCurrentStream(impl_->device.index()));
        } else {
            state.vectors = out;
        }
    } catch (const std::exception& e) {
        const auto what = "the module failed on a batch of " + std::to_string(state.rows) + ": " +
                          torch_reason(e);
        if (is_out_of_memory(e)) {
            throw OutOfMemory{what, impl_->file.string(),
                              "free memory on the device, or use another --device"};
        }
        throw Error{what, impl_->file.string(),
                    "export the package again, or use --precision fp32"};
    }
    if (out.dim() != 2 || out.size(0) != static_cast<std::int64_t>(state.rows) ||
        out.size(1) != static_cast<std::int64_t>(dim)) {
        throw Error{"the module returned " + std::to_string(out.numel()) + " values, expected " +
                        std::to_string(state.rows) + " x " + std::to_string(dim),
                    impl_->file.string(), kExportAgain};
    }
}

void Module::finish(Pass& pass, std::span<float> vectors) const {
    auto& state = *pass.impl_;
    try {
        if (state.done) state.done->synchronize();
    } catch (const std::exception& e) {
        throw Error{"the device failed: " + torch_reason(e), impl_->file.string(),
                    "see what nvidia-smi says, then run the command again"};
    }
    std::memcpy(vectors.data(), state.vectors.const_data_ptr<float>(), vectors.size_bytes());
}

void Module::free_unused_memory() const {
    if (impl_->device.is_cuda()) at::accelerator::emptyCache();
}

}  // namespace pmatch
