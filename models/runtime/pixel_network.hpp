/// A network over pictures of any size. Implemented in the library that torch_library.hpp opens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "models/runtime/device.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

/// Row-major, the first size the slowest.
struct NetworkValues {
    std::vector<std::int64_t> sizes;
    std::vector<float> values;
};

class PixelNetwork {
public:
    PixelNetwork() = default;
    PixelNetwork(const PixelNetwork&) = delete;
    PixelNetwork& operator=(const PixelNetwork&) = delete;
    virtual ~PixelNetwork() = default;

    /// `pixels`: rows x height x width x 3, normalised. Computes on the calling thread and as many
    /// others as set_threads_of_a_pass() says. Thread-safe. Throws OutOfMemory, and Error if the
    /// module fails or its result has not `dimensions`, the first of them `rows`.
    virtual NetworkValues run(std::span<const float> pixels, std::size_t rows, int height,
                              int width, std::size_t dimensions) const = 0;
};

/// Opens torch if necessary. Throws Error, naming the file, if torch cannot load it; NothingToLower
/// if the precision would have no effect.
std::unique_ptr<PixelNetwork> load_pixel_network(const std::filesystem::path& file,
                                                 const Device& device, Precision precision);

}  // namespace pmatch
