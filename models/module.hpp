/// A TorchScript file that is ready to run. Nothing of torch is seen outside module.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace pmatch {

enum class Device { kCpu, kCuda };

bool cuda_is_available();

/// How many threads one forward pass of the calling thread may use.
void set_threads_of_a_pass(int threads);

class Module {
public:
    enum class For { kTexts, kPictures };
    /// Throws Error, naming the file, when torch cannot load it.
    Module(const std::filesystem::path& file, Device device, For kind);
    ~Module();
    Module(Module&&) noexcept;
    Module& operator=(Module&&) noexcept;

    /// `ids` and `mask` are rows x columns; writes rows x (vectors.size() / rows) floats.
    /// Both calls are safe from many threads, and throw Error when the module fails or returns
    /// another shape.
    void forward_text(std::span<const std::int64_t> ids, std::span<const std::int64_t> mask,
                      std::size_t rows, std::span<float> vectors) const;

    /// `values` are rows x height x width x 3 (channels last).
    void forward_image(std::span<const float> values, std::size_t rows, int height, int width,
                       std::span<float> vectors) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pmatch
