#include "core/encoders/captioner_kind.hpp"

#include <utility>

#include "core/encoders/kind_lookup.hpp"

namespace pmatch {

CaptionerKinds::CaptionerKinds(std::vector<std::shared_ptr<const CaptionerKind>> kinds)
    : kinds_(std::move(kinds)) {}

std::unique_ptr<CaptionerModel> CaptionerKinds::find(const std::string& word) const {
    return kind_of(kinds_, word, "captioner").find(word);
}

std::unique_ptr<CaptionerModel> CaptionerKinds::find_again(const std::string& package) const {
    return find_recorded([&] { return find(package); });
}

}  // namespace pmatch
