/// A captioning package on one device.
#pragma once

#include <memory>
#include <vector>

#include "core/encoders/captioner.hpp"
#include "models/captioner/caption_network.hpp"
#include "models/captioner/caption_package.hpp"
#include "models/captioner/load_captioner.hpp"
#include "models/preprocess/preprocess.hpp"
#include "models/tokenizer/tokenizer.hpp"

namespace pmatch {

class PackageCaptioner final : public Captioner {
public:
    /// `settings` must be complete. The package's `stop_tokens` end a caption.
    PackageCaptioner(CaptionPackage package, const CaptionSettings& settings, const Device& device,
                     Precision precision, const CaptionerOptions& options);

    const CaptionerInfo& info() const override { return info_; }
    PreparedPicture prepare(const Image& image) const override;
    std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                 const Progress& progress) override;

    /// Intermediate results, for verification: tokens x hidden features, and the logits of a given
    /// caption.
    std::vector<float> features(const PreparedPicture& picture) const;
    std::vector<float> logits(const PreparedPicture& picture,
                              std::span<const std::int32_t> answer) const;
    ViewPlan plan(int height, int width) const;
    std::size_t slots() const { return network_->slots(); }

private:
    DecodeRequest question(const PreparedPicture& picture, std::vector<float>& pixels) const;
    bool is_stop(std::int32_t token) const;
    std::string text_of(std::span<const std::int32_t> tokens) const;

    CaptionPackage package_;
    CaptionSettings settings_;
    CaptionerInfo info_;
    int threads_;
    Preprocessor preprocess_;
    std::unique_ptr<Tokenizer> tokenizer_;
    std::vector<std::int32_t> before_;  ///< tokens before the picture
    std::vector<std::int32_t> behind_;
    std::unique_ptr<CaptionNetwork> network_;
};

}  // namespace pmatch
