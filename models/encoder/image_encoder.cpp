#include "models/encoder/image_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

// Small passes fit a core's caches, but leave a GPU idle.
constexpr std::size_t kPicturesOnCpu = 2;
constexpr std::size_t kPicturesOnCuda = 64;

}  // namespace

ImageEncoder::ImageEncoder(const Package& package, const Device& device, Precision precision)
    : pictures_a_pass_(device.cuda() ? kPicturesOnCuda : kPicturesOnCpu),
      preprocess_(package.image->preprocess),
      module_(load_module(package.verified_file(package.image->module), device,
                          Module::For::kPictures, precision)) {}

std::size_t ImageEncoder::end_of_pass(std::span<const Prepared* const> batch, std::size_t begin,
                                      int halvings) const {
    const auto size = std::max<std::size_t>(pictures_a_pass_ >> static_cast<unsigned>(halvings), 1);
    return std::min(begin + size, batch.size());
}

std::unique_ptr<Pass> ImageEncoder::start(std::span<const Prepared* const> batch,
                                          std::size_t dim) const {
    const auto size = preprocess_.size();
    auto pass = module_->new_picture_pass(batch.size(), preprocess_.height(), preprocess_.width());
    const auto values = pass->pixels();
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (batch[row]->pixels.size() != size) {
            throw Error{fmt::format("a prepared picture has {} bytes, the model takes {}",
                                    batch[row]->pixels.size(), size),
                        {},
                        "prepare pictures with the encoder that embeds them"};
        }
        preprocess_.normalise(batch[row]->pixels, values.subspan(row * size, size));
    }
    module_->start(*pass, dim);
    return pass;
}

}  // namespace pmatch
