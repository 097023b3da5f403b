#include "core/encoders/encoder_model.hpp"

#include <utility>

namespace pmatch {

std::unique_ptr<Encoder> EncoderModel::open_one(LoadOptions options) const {
    options.device = options.device.substr(0, options.device.find(','));
    return std::move(open(options).front());
}

}  // namespace pmatch
