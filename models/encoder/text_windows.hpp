/// Texts that are longer than the model reads, as the means of their windows.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/encoders/encoder.hpp"

namespace pmatch {

/// The windows of a batch of texts as inputs of their own. The batch must outlive it.
class TextWindows {
public:
    explicit TextWindows(std::span<const Prepared* const> batch);

    /// Whether a text has more than one.
    bool any() const { return !windows_.empty(); }
    std::span<const Prepared* const> inputs() const { return inputs_; }

    /// From the vectors of inputs() to those of the batch: means, scaled to unit length if
    /// `normalized`.
    void pool(std::span<const float> each, std::span<float> vectors, bool normalized) const;

private:
    std::vector<Prepared> windows_;  ///< the second and later ones
    std::vector<const Prepared*> inputs_;
    std::vector<std::size_t> ends_;  ///< per text, behind its last input
};

}  // namespace pmatch
