/// A loaded TorchScript file. Implemented in the library that torch_library.hpp opens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "core/common/error.hpp"
#include "models/runtime/device.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

/// Number of CUDA devices that torch can use; 0 for a torch without CUDA. Opens torch, and so
/// throws Error if it cannot be loaded.
int cuda_devices();

/// Sets the number of threads per forward pass of the calling thread. Does not open torch: the
/// number is stored until it is opened.
void set_threads_of_a_pass(int threads);

/// The device has too little memory for a pass; a smaller one may fit.
class OutOfMemory : public SystemError {
public:
    using SystemError::SystemError;
};

/// One forward pass: its inputs are filled, it is started, and its vectors are read. On a GPU the
/// inputs are in pinned memory, so that copies overlap with computation.
class Pass {
public:
    Pass() = default;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    virtual ~Pass() = default;

    virtual std::span<std::int64_t> ids() = 0;   ///< texts: rows x columns
    virtual std::span<std::int64_t> mask() = 0;  ///< texts: rows x columns
    virtual std::span<float> pixels() = 0;  ///< pictures: rows x height x width x 3, normalised
};

class Module {
public:
    enum class For { kTexts, kPictures };
    Module() = default;
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    virtual ~Module() = default;

    virtual std::unique_ptr<Pass> new_text_pass(std::size_t rows, std::size_t columns) const = 0;
    virtual std::unique_ptr<Pass> new_picture_pass(std::size_t rows, int height,
                                                   int width) const = 0;

    /// Computes synchronously on the CPU, asynchronously on a GPU. Thread-safe. Throws OutOfMemory,
    /// and Error if the module fails or its result is not rows x dim. The pass must belong to this
    /// module.
    virtual void start(Pass& pass, std::size_t dim) const = 0;

    /// Waits for a started pass and writes its rows x dim floats.
    virtual void finish(Pass& pass, std::span<float> vectors) const = 0;

    /// Returns torch's cached memory to the device.
    virtual void free_unused_memory() const = 0;
};

/// Opens torch if necessary. Throws Error, naming the file, if torch cannot load it; NothingToLower
/// if the precision would have no effect.
std::unique_ptr<Module> load_module(const std::filesystem::path& file, const Device& device,
                                    Module::For kind, Precision precision);

}  // namespace pmatch
