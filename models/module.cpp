#include "models/module.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace pmatch {
namespace {

// The first line says what happened; what follows are stack traces.
std::string first_line(const std::exception& e) {
    const std::string text = e.what();
    return text.substr(0, text.find('\n'));
}

/// A forward pass frees megabytes that the next one asks for again. By default glibc gives them
/// back to the system in between, and the page faults take a tenth of the time.
void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
#endif
}

}  // namespace

struct Module::Impl {
    std::filesystem::path file;
    at::Device device = at::kCPU;
    torch::jit::Module module;

    void run(std::vector<c10::IValue> inputs, std::size_t rows, std::span<float> vectors) const;
};

bool cuda_is_available() {
    return at::hasCUDA() && at::detail::getCUDAHooks().deviceCount() > 0;
}

void set_threads_of_a_pass(int threads) {
    at::set_num_threads(threads);
}

Module::Module(const std::filesystem::path& file, Device device, For kind)
    : impl_(std::make_unique<Impl>()) {
    keep_freed_memory();
    impl_->file = file;
    impl_->device = device == Device::kCuda ? at::kCUDA : at::kCPU;
    try {
        // The profiling executor recompiles for seconds whenever it sees a new shape.
        torch::jit::getProfilingMode() = false;
        const c10::InferenceMode guard;
        auto module = torch::jit::load(file.string(), impl_->device);
        module.eval();
        // Convolutions gain a fifth from oneDNN's own weight layout; the matrix products of a text
        // tower are faster as MKL does them.
        const bool convolutions = kind == For::kPictures && device == Device::kCpu;
        impl_->module =
            convolutions ? torch::jit::optimize_for_inference(module) : torch::jit::freeze(module);
    } catch (const std::exception& e) {
        throw Error{"torch cannot load the module: " + first_line(e), file.string(),
                    "export the package again with scripts/export_model.py"};
    }
}

Module::~Module() = default;
Module::Module(Module&&) noexcept = default;
Module& Module::operator=(Module&&) noexcept = default;

void Module::Impl::run(std::vector<c10::IValue> inputs, std::size_t rows,
                       std::span<float> vectors) const {
    const auto dim = static_cast<std::int64_t>(vectors.size() / rows);
    at::Tensor out;
    try {
        const c10::InferenceMode guard;
        for (auto& input : inputs)
            input = input.toTensor().to(device);
        auto forward = module.get_method("forward");
        out = forward(std::move(inputs)).toTensor().to(at::kCPU, at::kFloat).contiguous();
    } catch (const std::exception& e) {
        throw Error{
            "the module failed on a batch of " + std::to_string(rows) + ": " + first_line(e),
            file.string(), "export the package again, or give smaller batches"};
    }
    if (out.dim() != 2 || out.size(0) != static_cast<std::int64_t>(rows) || out.size(1) != dim) {
        throw Error{"the module returned " + std::to_string(out.numel()) + " values, expected " +
                        std::to_string(rows) + " x " + std::to_string(dim),
                    file.string(), "export the package again with scripts/export_model.py"};
    }
    std::memcpy(vectors.data(), out.const_data_ptr<float>(), vectors.size_bytes());
}

void Module::forward_text(std::span<const std::int64_t> ids, std::span<const std::int64_t> mask,
                          std::size_t rows, std::span<float> vectors) const {
    const auto view = [&](std::span<const std::int64_t> values) {
        // torch never writes to its inputs here; it only has no type for that.
        auto* data = const_cast<std::int64_t*>(values.data());
        return torch::from_blob(
            data,
            {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(values.size() / rows)},
            at::kLong);
    };
    impl_->run({view(ids), view(mask)}, rows, vectors);
}

void Module::forward_image(std::span<const float> values, std::size_t rows, int height, int width,
                           std::span<float> vectors) const {
    const std::int64_t h = height;
    const std::int64_t w = width;
    auto* data = const_cast<float*>(values.data());
    const auto pixels = torch::from_blob(data, {static_cast<std::int64_t>(rows), 3, h, w},
                                         {h * w * 3, 1, w * 3, 3}, at::kFloat);
    impl_->run({pixels}, rows, vectors);
}

}  // namespace pmatch
