#include "core/encoders/reading_captioner.hpp"

#include <utility>

namespace pmatch {

ReadingCaptioner::ReadingCaptioner(std::function<std::string(const Image&)> read, Problem nothing,
                                   CaptionerInfo info)
    : read_(std::move(read)), nothing_(std::move(nothing)), info_(std::move(info)) {}

PreparedPicture ReadingCaptioner::prepare(const Image& image) const {
    return {image.width, image.height, {}, read_(image)};
}

std::vector<Caption> ReadingCaptioner::caption(std::span<const PreparedPicture* const> pictures,
                                               const Progress& progress) {
    std::vector<Caption> captions;
    for (const auto* picture : pictures) {
        auto& caption = captions.emplace_back(Caption{picture->text, {}});
        if (caption.text.empty()) caption.problem = nothing_;
    }
    if (progress) progress(captions.size(), 0);
    return captions;
}

}  // namespace pmatch
