#include "cli/encoder_pool.hpp"

#include "cli/open_index.hpp"
#include "core/error.hpp"
#include "models/package.hpp"

namespace pmatch::cli {

Encoder& EncoderPool::encoder_of(const SpaceRecord& record, const std::string& space) {
    auto& encoder = encoders_[record.fingerprint];
    if (!encoder) encoder = open_encoder(record, space, context_);
    return *encoder;
}

bool has_both_towers(const SpaceRecord& record) {
    try {
        const auto package = read_package(package_of(record));
        return package.text.has_value() && package.image.has_value();
    } catch (const Error&) {
        return false;  // a search in this space says what is wrong
    }
}

}  // namespace pmatch::cli
