/// Where forward passes run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

struct Device {
    enum class Kind { kCpu, kCuda };
    Kind kind = Kind::kCpu;
    int number = 0;  ///< of the GPU

    bool cuda() const { return kind == Kind::kCuda; }
    /// "cpu" or "cuda:N".
    std::string name() const;

    friend bool operator==(const Device&, const Device&) = default;
};

/// Resolves --device on a machine with `gpus` CUDA devices: "auto" (the first GPU, else the CPU),
/// "cpu", "cuda" (the first GPU), "cuda:N" or "cuda:N,M,…". Never empty. Throws UsageError for
/// another word, a missing device, or a repeated one.
std::vector<Device> choose_devices(std::string_view wanted, int gpus);

}  // namespace pmatch
