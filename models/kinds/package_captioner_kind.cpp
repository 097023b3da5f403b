#include "models/kinds/package_captioner_kind.hpp"

#include <filesystem>
#include <utility>

#include "models/captioner/load_captioner.hpp"

namespace pmatch {
namespace {

class PackageCaptionerModel final : public CaptionerModel {
public:
    explicit PackageCaptionerModel(std::filesystem::path package) : package_(std::move(package)) {
        facts_.name = package_.filename().string();
        facts_.package = package_.string();
        facts_.captions = Source::captions();
    }

    const CaptionerFacts& facts() const override { return facts_; }
    CaptionSettings complete(const CaptionSettings& settings) const override {
        return complete_settings(package_, settings);
    }
    std::string fingerprint(const CaptionSettings& settings,
                            const std::string& precision) const override {
        return caption_fingerprint(package_, settings, precision);
    }
    std::unique_ptr<Captioner> open(const CaptionerOptions& options) const override {
        return load_captioner(package_, options);
    }

private:
    std::filesystem::path package_;
    CaptionerFacts facts_;
};

}  // namespace

bool PackageCaptionerKind::recognises(std::string_view /*word*/) const {
    return true;
}

std::unique_ptr<CaptionerModel> PackageCaptionerKind::find(const std::string& word) const {
    return std::make_unique<PackageCaptionerModel>(find_package(word));
}

}  // namespace pmatch
