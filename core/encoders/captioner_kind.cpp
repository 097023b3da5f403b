#include "core/encoders/captioner_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch {

CaptionerKinds::CaptionerKinds(std::vector<std::shared_ptr<const CaptionerKind>> kinds)
    : kinds_(std::move(kinds)) {}

std::unique_ptr<CaptionerModel> CaptionerKinds::find(const std::string& word) const {
    const auto kind = std::find_if(kinds_.begin(), kinds_.end(),
                                   [&](const auto& one) { return one->recognises(word); });
    if (kind != kinds_.end()) return (*kind)->find(word);
    throw UsageError{
        fmt::format("this program has no kind of captioner that '{}' could name", word),
        "name a model package"};
}

std::unique_ptr<CaptionerModel> CaptionerKinds::find_again(const std::string& package) const {
    try {
        return find(package);
    } catch (const UsageError& error) {
        throw Error{error.what(), error.file(), error.remedy()};
    }
}

}  // namespace pmatch
