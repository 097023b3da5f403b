/// Readers of what a picture says as captioners: prepare() reads, on as many threads as the caller
/// has, and caption() hands on.
#pragma once

#include <functional>
#include <string>

#include "core/encoders/captioner.hpp"

namespace pmatch {

class ReadingCaptioner final : public Captioner {
public:
    /// `read` gives the text in a picture, empty if there is none, and is called from many threads;
    /// `nothing` is the problem of a picture without text.
    ReadingCaptioner(std::function<std::string(const Image&)> read, Problem nothing,
                     CaptionerInfo info);

    const CaptionerInfo& info() const override { return info_; }
    PreparedPicture prepare(const Image& image) const override;
    std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                 const Progress& progress) override;

private:
    std::function<std::string(const Image&)> read_;
    Problem nothing_;
    CaptionerInfo info_;
};

}  // namespace pmatch
