#include "models/image_encoder.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace pmatch {
namespace {

// A core's caches like small passes, a GPU is idle in them.
constexpr std::size_t kPicturesOnCpu = 2;
constexpr std::size_t kPicturesOnCuda = 64;

}  // namespace

ImageEncoder::ImageEncoder(const Package& package, Device device)
    : pictures_a_pass_(device == Device::kCuda ? kPicturesOnCuda : kPicturesOnCpu),
      preprocess_(package.image->preprocess),
      module_(package.verified_file(package.image->module), device, Module::For::kPictures) {}

std::vector<std::size_t> ImageEncoder::plan(std::span<const Prepared* const> batch) const {
    std::vector<std::size_t> ends;
    for (auto end = pictures_a_pass_; end < batch.size(); end += pictures_a_pass_) {
        ends.push_back(end);
    }
    ends.push_back(batch.size());
    return ends;
}

void ImageEncoder::forward(std::span<const Prepared* const> batch, std::span<float> vectors) const {
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
