#include "models/kinds/package_captioner_kind.hpp"

#include <filesystem>
#include <utility>

#include "models/captioner/load_captioner.hpp"
#include "models/kinds/settingless.hpp"
#include "models/package/package.hpp"
#include "models/reader/load_reader.hpp"

namespace pmatch {
namespace {

CaptionerFacts facts_of(const std::filesystem::path& package, Source captions) {
    return {package.filename().string(), package.string(), std::move(captions)};
}

class PackageCaptionerModel final : public CaptionerModel {
public:
    explicit PackageCaptionerModel(std::filesystem::path package)
        : package_(std::move(package)), facts_(facts_of(package_, Source::captions())) {}

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

class PackageReaderModel final : public CaptionerModel {
public:
    explicit PackageReaderModel(std::filesystem::path package)
        : package_(std::move(package)), facts_(facts_of(package_, Source::captions("words"))) {}

    const CaptionerFacts& facts() const override { return facts_; }
    CaptionSettings complete(const CaptionSettings& settings) const override {
        return without_settings(settings, facts_.name);
    }
    std::string fingerprint(const CaptionSettings& settings,
                            const std::string& precision) const override {
        complete(settings);
        return reading_fingerprint(package_, precision);
    }
    std::unique_ptr<Captioner> open(const CaptionerOptions& options) const override {
        complete(options.settings);
        return load_reader(package_, options.load);
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
    auto package = find_package(word);
    if (read_package(package).task == kReadingTask)
        return std::make_unique<PackageReaderModel>(std::move(package));
    return std::make_unique<PackageCaptionerModel>(std::move(package));
}

}  // namespace pmatch
