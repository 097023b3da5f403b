#include "core/common/source.hpp"

#include <array>
#include <utility>

namespace pmatch {
namespace {

constexpr std::array kWords{std::pair{"image", Source::Kind::kPictures},
                            std::pair{"text", Source::Kind::kText},
                            std::pair{"caption", Source::Kind::kCaptions}};

}  // namespace

Source Source::parse(std::string_view word) {
    Source source;
    source.kind_ = Kind::kColumn;
    source.name_ = word;
    for (const auto& [known, kind] : kWords) {
        if (word == known) source.kind_ = kind;
    }
    return source;
}

}  // namespace pmatch
