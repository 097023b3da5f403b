/// A TorchScript file that is ready to run. What implements it is in the library that
/// torch_library.hpp opens.
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

/// How many CUDA devices torch can use; 0 for a torch without CUDA. Opens torch, and so throws
/// Error when it cannot be loaded.
int cuda_devices();

/// How many threads one forward pass of the calling thread may use. Does not open torch: until
/// something else does, the number is kept for the thread that will.
void set_threads_of_a_pass(int threads);

/// The device has no memory left for a pass; a smaller one may fit.
class OutOfMemory : public Error {
public:
    using Error::Error;
};

/// One forward pass: its inputs to be filled, then under way, then its vectors. On a GPU the
/// inputs lie in pinned memory, so that copies run beside the computation.
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

    /// On the CPU computes here and now; on a GPU returns at once. Safe from many threads. Throws
    /// OutOfMemory, and Error when the module fails or returns another shape than rows x dim. The
    /// pass must be one of this module's.
    virtual void start(Pass& pass, std::size_t dim) const = 0;

    /// Waits for a started pass and writes its rows x dim floats.
    virtual void finish(Pass& pass, std::span<float> vectors) const = 0;

    /// Gives memory that torch keeps for later back to the device.
    virtual void free_unused_memory() const = 0;
};

/// Opens torch where nothing has yet. Throws Error, naming the file, when torch cannot load it,
/// NothingToLower when it has nothing that this precision makes smaller.
std::unique_ptr<Module> load_module(const std::filesystem::path& file, const Device& device,
                                    Module::For kind, Precision precision);

}  // namespace pmatch
