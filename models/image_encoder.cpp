#include "models/image_encoder.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace pmatch {

ImageEncoder::ImageEncoder(const Package& package, Device device)
    : preprocess_(package.image->preprocess),
      module_(package.verified_file(package.image->module), device) {}

void ImageEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors) const {
    const auto size = preprocess_.size();
    std::vector<float> values(batch.size() * size);
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (batch[row]->pixels.size() != size) {
            throw Error{fmt::format("a prepared picture has {} bytes, the model takes {}",
                                    batch[row]->pixels.size(), size),
                        {},
                        "prepare pictures with the encoder that embeds them"};
        }
        preprocess_.normalise(batch[row]->pixels, std::span(values).subspan(row * size, size));
    }
    module_.forward_image(values, batch.size(), preprocess_.height(), preprocess_.width(), vectors);
}

}  // namespace pmatch
