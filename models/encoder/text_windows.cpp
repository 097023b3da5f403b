#include "models/encoder/text_windows.hpp"

#include <algorithm>

#include "core/common/vector_norm.hpp"

namespace pmatch {

TextWindows::TextWindows(std::span<const Prepared* const> batch) {
    std::size_t more = 0;
    for (const auto* text : batch)
        more += text->more_windows.size();
    if (more == 0) return;
    windows_.reserve(more);  // inputs_ points into it
    for (const auto* text : batch) {
        inputs_.push_back(text);
        for (const auto& tokens : text->more_windows) {
            windows_.emplace_back().tokens = tokens;
            inputs_.push_back(&windows_.back());
        }
        ends_.push_back(inputs_.size());
    }
}

void TextWindows::pool(std::span<const float> each, std::span<float> vectors,
                       bool normalized) const {
    const auto dim = vectors.size() / ends_.size();
    std::size_t begin = 0;
    for (std::size_t text = 0; text < ends_.size(); ++text) {
        const auto end = ends_[text];
        const auto vector = vectors.subspan(text * dim, dim);
        for (std::size_t d = 0; d < dim; ++d) {
            double sum = 0;
            for (auto window = begin; window < end; ++window)
                sum += each[window * dim + d];
            vector[d] = static_cast<float>(sum / static_cast<double>(end - begin));
        }
        const double length = vector_length(vector);
        if (normalized && end - begin > 1 && length > 0) {
            for (float& value : vector)
                value = static_cast<float>(value / length);
        }
        begin = end;
    }
}

}  // namespace pmatch
