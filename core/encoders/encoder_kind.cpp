#include "core/encoders/encoder_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch {

EncoderKinds::EncoderKinds(std::vector<std::shared_ptr<const EncoderKind>> kinds)
    : kinds_(std::move(kinds)) {}

std::unique_ptr<EncoderModel> EncoderKinds::find(const std::string& word) const {
    return kind_of(word).find(word);
}

std::unique_ptr<EncoderModel> EncoderKinds::find_again(const std::string& package,
                                                       const std::string& name) const {
    try {
        return kind_of(package).find_again(package, name);
    } catch (const UsageError& error) {
        throw Error{error.what(), error.file(), error.remedy()};
    }
}

const EncoderKind& EncoderKinds::kind_of(std::string_view word) const {
    const auto kind = std::find_if(kinds_.begin(), kinds_.end(),
                                   [&](const auto& one) { return one->recognises(word); });
    if (kind != kinds_.end()) return **kind;
    throw UsageError{fmt::format("this program has no kind of model that '{}' could name", word),
                     "name a model package"};
}

}  // namespace pmatch
