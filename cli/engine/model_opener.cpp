#include <fmt/format.h>

#include <memory>

#include "cli/engine/captioner_kinds.hpp"
#include "cli/engine/encoder_kinds.hpp"
#include "cli/engine/model_opener.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "core/common/error.hpp"

namespace pmatch {
namespace {

class ModelsOfKinds final : public ModelOpener {
public:
    explicit ModelsOfKinds(const EncoderKinds& kinds) : kinds_(kinds) {}

    std::unique_ptr<Encoder> encoder(const SpaceRecord& record, const std::string& space,
                                     const Execution& execution) const override;
    bool takes_both(const SpaceRecord& record) const override;
    bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const override;
    std::unique_ptr<Captioner> captioner(const CaptionsRecord& record,
                                         const Execution& execution) const override;

private:
    std::unique_ptr<EncoderModel> model_of(const SpaceRecord& record) const {
        return kinds_.find_again(record.package, record.model);
    }

    const EncoderKinds& kinds_;
};

std::unique_ptr<Encoder> ModelsOfKinds::encoder(const SpaceRecord& record, const std::string& space,
                                                const Execution& execution) const {
    LoadOptions options;
    options.precision = record.precision;
    options.long_texts = record.long_texts;
    options.threads = execution.threads;
    options.note = [&observer = execution.observer](const std::string& text) {
        observer.note(text);
    };
    const auto model = model_of(record);
    std::unique_ptr<Encoder> encoder;
    try {
        encoder = model->open_one(options);
    } catch (const UsageError& error) {
        throw Error{
            fmt::format("space '{}' was embedded in {}: {}", space, record.precision, error.what()),
            model->facts().package,
            "query on such a machine, or embed the space again: pmatch embed … "
            "--precision bf16 --replace, then pmatch build-index"};
    }
    if (encoder->info().fingerprint != record.fingerprint) {
        auto again = embed_command({}, space, record);
        again.arguments.emplace_back("--replace");
        throw Error{
            fmt::format("space '{}' was embedded with {} (fingerprint {:.12}), this "
                        "package has fingerprint {:.12}",
                        space, record.model, record.fingerprint, encoder->info().fingerprint),
            encoder->info().package,
            Remedy{
                "put the package back that the space was embedded with, or embed the space again:",
                {again, {"build-index", {}, {"--space", space}}}}};
    }
    return encoder;
}

bool ModelsOfKinds::takes_both(const SpaceRecord& record) const {
    try {
        const auto model = model_of(record);
        return model->facts().texts && model->facts().images;
    } catch (const Error&) {
        return false;  // a search in this space reports the problem
    }
}

bool ModelsOfKinds::differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const {
    if (one.precision == other.precision || one.dim != other.dim) return false;
    try {
        const auto model = model_of(one);
        const auto made = [&](const SpaceRecord& space) {
            return model->fingerprint_with(space.precision, space.long_texts) ==
                       space.fingerprint &&
                   model->is_harmless(space.precision);
        };
        return made(one) && made(other);
    } catch (const Error&) {
        return false;  // the refusal to compare reports the problem
    }
}

std::unique_ptr<Captioner> ModelsOfKinds::captioner(const CaptionsRecord& record,
                                                    const Execution& execution) const {
    CaptionerOptions options;
    options.settings = {record.prompt, record.max_tokens, record.view, record.repetition_penalty};
    options.load.precision = record.precision;
    options.load.threads = execution.threads;
    const auto model = captioner_kinds().find_again(record.package);
    const auto found = model->fingerprint(options.settings, record.precision);
    if (found != record.fingerprint) {
        throw Error{fmt::format("the collection's captions were written by {} (fingerprint {}), "
                                "this package has the fingerprint {}",
                                record.model, record.fingerprint, found),
                    model->facts().package,
                    Remedy{"put the package back that wrote them, or write them again:",
                           {{"caption", {}, {"--model", "PACKAGE", "--replace"}}}}};
    }
    return model->open(options);
}

}  // namespace

const ModelOpener& program_models() {
    static const ModelsOfKinds models(encoder_kinds());
    return models;
}

std::unique_ptr<ModelOpener> models_of(const EncoderKinds& kinds) {
    return std::make_unique<ModelsOfKinds>(kinds);
}

}  // namespace pmatch
