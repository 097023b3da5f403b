#include <fmt/format.h>

#include <filesystem>

#include "cli/engine/model_opener.hpp"
#include "core/error.hpp"
#include "models/auto_precision.hpp"
#include "models/load_captioner.hpp"
#include "models/load_encoder.hpp"
#include "models/package.hpp"

namespace pmatch {
namespace {

/// The directory of the package that made the space: as recorded, or else found by its name.
std::filesystem::path package_of(const SpaceRecord& record) {
    const bool in_place =
        std::filesystem::exists(std::filesystem::path(record.package) / "model.json");
    return find_package(in_place ? record.package : record.model);
}

class PackageModels : public ModelOpener {
public:
    std::unique_ptr<Encoder> encoder(const SpaceRecord& record, const std::string& space,
                                     const Execution& execution) const override;
    bool takes_both(const SpaceRecord& record) const override;
    bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const override;
    std::unique_ptr<Captioner> captioner(const CaptionsRecord& record,
                                         const Execution& execution) const override;
};

std::unique_ptr<Encoder> PackageModels::encoder(const SpaceRecord& record, const std::string& space,
                                                const Execution& execution) const {
    LoadOptions options;
    options.precision = record.precision;
    options.threads = execution.threads;
    options.note = [&observer = execution.observer](const std::string& text) {
        observer.note(text);
    };
    const auto package = package_of(record);
    std::unique_ptr<Encoder> encoder;
    try {
        encoder = load_encoder(package, options);
    } catch (const UsageError& error) {
        throw Error{
            fmt::format("space '{}' was embedded in {}: {}", space, record.precision, error.what()),
            package.string(),
            "query on such a machine, or embed the space again: pmatch embed … "
            "--precision bf16 --replace, then pmatch build-index"};
    }
    if (encoder->info().fingerprint != record.fingerprint) {
        throw Error{
            fmt::format("space '{}' was embedded with {} (fingerprint {:.12}), this "
                        "package has fingerprint {:.12}",
                        space, record.model, record.fingerprint, encoder->info().fingerprint),
            encoder->info().package,
            "put the package back that the space was embedded with, or embed the space "
            "again: pmatch embed … --replace, then pmatch build-index"};
    }
    return encoder;
}

bool PackageModels::takes_both(const SpaceRecord& record) const {
    try {
        const auto package = read_package(package_of(record));
        return package.text.has_value() && package.image.has_value();
    } catch (const Error&) {
        return false;  // a search in this space says what is wrong
    }
}

bool PackageModels::differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const {
    if (one.precision == other.precision || one.dim != other.dim) return false;
    try {
        const auto package = read_package(package_of(one));
        const auto made = [&](const SpaceRecord& space) {
            return package.fingerprint(space.precision) == space.fingerprint &&
                   is_harmless(package, space.precision);
        };
        return made(one) && made(other);
    } catch (const Error&) {
        return false;  // the refusal to compare says what is wrong
    }
}

std::unique_ptr<Captioner> PackageModels::captioner(const CaptionsRecord& record,
                                                    const Execution& execution) const {
    CaptionerOptions options;
    options.settings = {record.prompt, record.max_tokens, record.view, record.repetition_penalty};
    options.load.precision = record.precision;
    options.load.threads = execution.threads;
    const auto package = find_package(record.package);
    const auto found = caption_fingerprint(package, options.settings, record.precision);
    if (found != record.fingerprint) {
        throw Error{fmt::format("the collection's captions were written by {} (fingerprint {}), "
                                "this package has the fingerprint {}",
                                record.model, record.fingerprint, found),
                    package.string(),
                    Remedy{"put the package back that wrote them, or write them again:",
                           {{"caption", {}, {"--model", "PACKAGE", "--replace"}}}}};
    }
    return load_captioner(package, options);
}

}  // namespace

const ModelOpener& package_models() {
    static const PackageModels models;
    return models;
}

}  // namespace pmatch
