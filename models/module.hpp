/// A TorchScript file that is ready to run. Nothing of torch is seen outside module.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/error.hpp"
#include "models/device.hpp"
#include "models/precision.hpp"

namespace pmatch {

/// How many CUDA devices torch can use; 0 for a torch without CUDA.
int cuda_devices();

/// How many threads one forward pass of the calling thread may use.
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
    struct Impl;
    explicit Pass(std::unique_ptr<Impl> impl);
    ~Pass();
    Pass(Pass&&) noexcept;
    Pass& operator=(Pass&&) noexcept;

    std::span<std::int64_t> ids();   ///< texts: rows x columns
    std::span<std::int64_t> mask();  ///< texts: rows x columns
    std::span<float> pixels();       ///< pictures: rows x height x width x 3, normalised
    std::size_t rows() const;

private:
    friend class Module;
    std::unique_ptr<Impl> impl_;
};

class Module {
public:
    enum class For { kTexts, kPictures };
    /// Throws Error, naming the file, when torch cannot load it, NothingToLower when it has
    /// nothing that this precision makes smaller.
    Module(const std::filesystem::path& file, const Device& device, For kind, Precision precision);
    ~Module();
    Module(Module&&) noexcept;
    Module& operator=(Module&&) noexcept;

    Pass new_text_pass(std::size_t rows, std::size_t columns) const;
    Pass new_picture_pass(std::size_t rows, int height, int width) const;

    /// On the CPU computes here and now; on a GPU returns at once. Safe from many threads. Throws
    /// OutOfMemory, and Error when the module fails or returns another shape than rows x dim.
    void start(Pass& pass, std::size_t dim) const;

    /// Waits for a started pass and writes its rows x dim floats.
    void finish(Pass& pass, std::span<float> vectors) const;

    /// Gives memory that torch keeps for later back to the device.
    void free_unused_memory() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pmatch
