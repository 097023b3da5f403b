#include "models/kinds/package_kind.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "core/common/error.hpp"
#include "models/encoder/load_encoder.hpp"
#include "models/encoder/long_text_fingerprint.hpp"
#include "models/encoder/verify_package.hpp"
#include "models/kinds/package_words.hpp"
#include "models/package/package.hpp"
#include "models/runtime/auto_precision.hpp"

namespace pmatch {
namespace {

class PackageModel final : public EncoderModel {
public:
    explicit PackageModel(Package package) : package_(std::move(package)) {
        facts_.name = package_.name;
        facts_.package = package_.directory.string();
        facts_.images = package_.image.has_value();
        facts_.texts = package_.text.has_value();
    }

    const ModelFacts& facts() const override { return facts_; }
    std::string fingerprint(const std::string& precision) const override {
        return package_.fingerprint(precision);
    }
    std::string fingerprint_with(const std::string& precision, LongTexts texts) const override {
        return pmatch::fingerprint_with(package_, precision, texts);
    }
    bool is_harmless(const std::string& precision) const override {
        return pmatch::is_harmless(package_, precision);
    }
    std::vector<std::unique_ptr<Encoder>> open(const LoadOptions& options) const override {
        return load_encoders(package_.directory, options);
    }
    std::string slow_here(const EncoderInfo& opened) const override;
    std::vector<std::pair<std::string, std::string>> words() const override {
        return words_of(package_);
    }
    std::vector<ModelFile> files() const override;
    std::vector<ModelPrecision> precisions() const override;
    std::size_t golden_examples() const override;
    std::vector<StageReport> verify(Encoder& encoder, const PictureReader& reader) const override {
        return verify_package(package_, encoder, [&](const std::filesystem::path& file) {
            return reader.read(file, std::nullopt);
        });
    }

private:
    Package package_;
    ModelFacts facts_;
};

std::string PackageModel::slow_here(const EncoderInfo& opened) const {
    const auto precision = precision_named(opened.precision);
    const Device device{opened.device == "cpu" ? Device::Kind::kCpu : Device::Kind::kCuda};
    return precision ? pmatch::slow_here(*precision, device, this_cpu()) : "";
}

std::vector<ModelFile> PackageModel::files() const {
    std::vector<ModelFile> files;
    for (const auto& [name, record] : package_.files) {
        auto& file = files.emplace_back();
        file.name = name;
        file.size = record.size;
        file.sha256 = record.sha256;
        try {
            package_.verified_file(name);
        } catch (const Error& error) {
            file.damage = error;
        }
    }
    return files;
}

/// A caption's fingerprint depends on prompt and settings, too; texts have no cosine.
std::vector<ModelPrecision> PackageModel::precisions() const {
    std::vector<ModelPrecision> precisions;
    if (package_.writes_texts()) return precisions;
    for (const auto name : kPrecisionNames) {
        const std::string precision(name);
        precisions.push_back(
            {precision, package_.fingerprint(precision), loss_phrase(package_, precision)});
    }
    return precisions;
}

std::size_t PackageModel::golden_examples() const {
    const auto file = package_.directory / "model.json";
    if (package_.writes_texts()) {
        const bool reads = package_.task == kReadingTask;
        throw Error{fmt::format("packages that {} hold no golden examples",
                                reads ? "read words" : "write captions"),
                    file,
                    fmt::format("compare with the reference library: tests/models/{}_parity.py",
                                reads ? "words" : "caption")};
    }
    if (package_.golden.empty()) {
        throw Error{"the package holds no golden examples to compare with", file,
                    "export the package again with scripts/export_model.py"};
    }
    return package_.golden.size();
}

}  // namespace

bool PackageKind::recognises(std::string_view /*word*/) const {
    return true;
}

std::unique_ptr<EncoderModel> PackageKind::find(const std::string& word) const {
    return std::make_unique<PackageModel>(read_package(find_package(word)));
}

std::unique_ptr<EncoderModel> PackageKind::find_again(const std::string& package,
                                                      const std::string& name) const {
    const bool in_place = std::filesystem::exists(std::filesystem::path(package) / "model.json");
    return find(in_place ? package : name);
}

}  // namespace pmatch
