#include "core/common/source.hpp"

#include <array>
#include <utility>

namespace pmatch {
namespace {

constexpr std::array kWords{std::pair{"image", Source::Kind::kPictures},
                            std::pair{"text", Source::Kind::kText},
                            std::pair{"caption", Source::Kind::kCaptions}};
/// Before the name of captions that are no descriptions, so that no column is shadowed by them.
constexpr std::string_view kCaptionPrefix = "caption:";

}  // namespace

Source Source::parse(std::string_view word) {
    Source source;
    source.kind_ = Kind::kColumn;
    source.name_ = word;
    for (const auto& [known, kind] : kWords) {
        if (word == known) source.kind_ = kind;
    }
    if (word.starts_with(kCaptionPrefix)) source.kind_ = Kind::kCaptions;
    return source;
}

Source Source::captions(std::string_view name) {
    const auto plain = captions();
    return name == plain.name() ? plain : parse(std::string(kCaptionPrefix).append(name));
}

std::string Source::caption_name() const {
    return name_.starts_with(kCaptionPrefix) ? name_.substr(kCaptionPrefix.size()) : name_;
}

}  // namespace pmatch
