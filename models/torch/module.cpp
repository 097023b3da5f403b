#include "models/runtime/module.hpp"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/Event.h>
#include <dlfcn.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "models/torch/packed_linear.hpp"
#include "models/torch/reduced_precision.hpp"
#include "models/torch/torch_side.hpp"
#include "models/torch/torch_tools.hpp"

namespace pmatch {
namespace {

constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

at::TensorOptions host(at::ScalarType type, at::Device device) {
    return at::TensorOptions(type).pinned_memory(device.is_cuda());
}

struct TorchPass final : Pass {
    std::size_t rows = 0;
    std::vector<at::Tensor> inputs;
    at::Tensor input;  ///< pictures: rows x height x width x 3; inputs[0] is a view of it
    at::Tensor vectors;
    std::optional<c10::Event> done;  ///< on a GPU: signals that `vectors` are complete

    std::span<std::int64_t> ids() override { return whole_numbers(0); }
    std::span<std::int64_t> mask() override { return whole_numbers(1); }
    std::span<float> pixels() override {
        return {input.data_ptr<float>(), static_cast<std::size_t>(input.numel())};
    }

private:
    std::span<std::int64_t> whole_numbers(std::size_t number) {
        const auto& tensor = inputs.at(number);
        return {tensor.data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
    }
};

struct TorchModule final : Module {
    std::filesystem::path file;
    at::Device device = at::kCPU;
    torch::jit::Module module;

    void load(For kind, Precision precision);
    at::Tensor forward(const TorchPass& pass) const;

    std::unique_ptr<Pass> new_text_pass(std::size_t rows, std::size_t columns) const override;
    std::unique_ptr<Pass> new_picture_pass(std::size_t rows, int height, int width) const override;
    void start(Pass& given, std::size_t dim) const override;
    void finish(Pass& given, std::span<float> vectors) const override;
    void free_unused_memory() const override;
};

void TorchModule::load(For kind, Precision precision) {
    // The profiling executor recompiles for seconds at every new shape.
    torch::jit::getProfilingMode() = false;
    const c10::InferenceMode guard;
    const c10::OptionalDeviceGuard here(device);
    auto loaded = torch::jit::load(file.string(), device);
    loaded.eval();
    // oneDNN's weight layout makes convolutions a fifth faster.
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
    if (device.is_cpu()) pack_linear_layers(module);
}

std::unique_ptr<Pass> TorchModule::new_text_pass(std::size_t rows, std::size_t columns) const {
    const c10::InferenceMode guard;
    auto pass = std::make_unique<TorchPass>();
    pass->rows = rows;
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows),
                                          static_cast<std::int64_t>(columns)};
    for (int i = 0; i < 2; ++i)
        pass->inputs.push_back(at::empty(shape, host(at::kLong, device)));
    return pass;
}

std::unique_ptr<Pass> TorchModule::new_picture_pass(std::size_t rows, int height, int width) const {
    const c10::InferenceMode guard;
    auto pass = std::make_unique<TorchPass>();
    pass->rows = rows;
    pass->input =
        at::empty({static_cast<std::int64_t>(rows), height, width, 3}, host(at::kFloat, device));
    pass->inputs.push_back(pass->input.permute({0, 3, 1, 2}));
    return pass;
}

at::Tensor TorchModule::forward(const TorchPass& pass) const {
    std::vector<c10::IValue> inputs;
    for (const auto& input : pass.inputs)
        inputs.emplace_back(input.to(device, /*non_blocking=*/true));
    auto method = module.get_method("forward");
    return method(std::move(inputs)).toTensor().to(at::kFloat).contiguous();
}

void TorchModule::start(Pass& given, std::size_t dim) const {
    auto& pass = static_cast<TorchPass&>(given);
    at::Tensor out;
    try {
        const c10::InferenceMode guard;
        const c10::OptionalDeviceGuard here(device);
        out = forward(pass);
        if (device.is_cuda()) {
            pass.vectors = at::empty(out.sizes(), host(at::kFloat, device));
            pass.vectors.copy_(out, /*non_blocking=*/true);
            pass.done.emplace(at::kCUDA);
            pass.done->record(at::accelerator::getCurrentStream(device.index()));
        } else {
            pass.vectors = out;
        }
    } catch (const std::exception& e) {
        const auto batch = "a batch of " + std::to_string(pass.rows) + ": " + torch_reason(e);
        if (is_out_of_memory(e)) {
            throw OutOfMemory{"not enough memory for " + batch, file.string(),
                              device.is_cuda()
                                  ? "free memory on the device, or use another --device"
                                  : "use fewer --threads, or a machine with more memory"};
        }
        throw Error{"the module failed on " + batch, file.string(),
                    "export the package again, or use --precision fp32"};
    }
    if (out.dim() != 2 || out.size(0) != static_cast<std::int64_t>(pass.rows) ||
        out.size(1) != static_cast<std::int64_t>(dim)) {
        throw Error{"the module returned " + std::to_string(out.numel()) + " values, expected " +
                        std::to_string(pass.rows) + " x " + std::to_string(dim),
                    file.string(), kExportAgain};
    }
}

void TorchModule::finish(Pass& given, std::span<float> vectors) const {
    auto& pass = static_cast<TorchPass&>(given);
    try {
        if (pass.done) pass.done->synchronize();
    } catch (const std::exception& e) {
        throw Error{"the device failed: " + torch_reason(e), file.string(),
                    "see what nvidia-smi says, then run the command again"};
    }
    std::memcpy(vectors.data(), pass.vectors.const_data_ptr<float>(), vectors.size_bytes());
}

void TorchModule::free_unused_memory() const {
    if (device.is_cuda()) at::accelerator::emptyCache();
}

}  // namespace

namespace torch_side {

int cuda_devices() {
    if (!at::hasCUDA()) return 0;
    return static_cast<int>(at::detail::getCUDAHooks().deviceCount());
}

void set_threads_of_a_pass(int threads) {
    at::get_num_threads();  // a thread's first use of torch sets its number: let it be now
    at::set_num_threads(threads);
    // torch sets MKL's number for the whole process: passes side by side would each start threads.
    using SetLocal = int (*)(int);
    static const auto set_local =
        reinterpret_cast<SetLocal>(::dlsym(RTLD_DEFAULT, "MKL_Set_Num_Threads_Local"));
    if (set_local != nullptr) set_local(threads);
}

std::unique_ptr<Module> load_module(const std::filesystem::path& file, const Device& device,
                                    Module::For kind, Precision precision) {
    keep_freed_memory();
    auto loading = std::make_unique<TorchModule>();
    loading->file = file;
    loading->device = torch_device(device);
    try {
        loading->load(kind, precision);
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        if (is_out_of_memory(e)) {
            throw OutOfMemory{"not enough memory for the model on " + loading->device.str() + ": " +
                                  torch_reason(e),
                              file.string(),
                              "use --precision bf16, another --device, or a machine with more "
                              "memory"};
        }
        throw Error{"torch cannot load the module: " + torch_reason(e), file.string(),
                    kExportAgain};
    }
    return loading;
}

}  // namespace torch_side
}  // namespace pmatch
