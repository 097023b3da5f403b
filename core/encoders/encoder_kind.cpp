#include "core/encoders/encoder_kind.hpp"

#include <utility>

#include "core/encoders/kind_lookup.hpp"

namespace pmatch {
namespace {

constexpr const char* kWhat = "model";

}  // namespace

EncoderKinds::EncoderKinds(std::vector<std::shared_ptr<const EncoderKind>> kinds)
    : kinds_(std::move(kinds)) {}

std::unique_ptr<EncoderModel> EncoderKinds::find(const std::string& word) const {
    return kind_of(kinds_, word, kWhat).find(word);
}

std::unique_ptr<EncoderModel> EncoderKinds::find_again(const std::string& package,
                                                       const std::string& name) const {
    return find_recorded([&] { return kind_of(kinds_, package, kWhat).find_again(package, name); });
}

}  // namespace pmatch
