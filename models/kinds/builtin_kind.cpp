#include "models/kinds/builtin_kind.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "models/kinds/builtin_encoder.hpp"
#include "models/kinds/builtin_word.hpp"
#include "models/package/sha256.hpp"

namespace pmatch {
namespace {

class BuiltinModel final : public EncoderModel {
public:
    explicit BuiltinModel(Builtin builtin) : builtin_(std::move(builtin)) {
        facts_.name = std::string(kBuiltinPrefix) + builtin_.name;
        facts_.package = facts_.name;
        facts_.images = true;
    }

    const ModelFacts& facts() const override { return facts_; }
    std::string fingerprint(const std::string& precision) const override;
    bool is_harmless(const std::string& precision) const override {
        return precision == kBuiltinPrecision;
    }
    std::vector<std::unique_ptr<Encoder>> open(const LoadOptions& options) const override;
    std::string slow_here(const EncoderInfo& /*opened*/) const override { return {}; }
    std::vector<std::pair<std::string, std::string>> words() const override;
    std::vector<ModelFile> files() const override { return {}; }
    std::vector<ModelPrecision> precisions() const override {
        return {{kBuiltinPrecision, fingerprint(kBuiltinPrecision), "none"}};
    }
    std::size_t golden_examples() const override {
        throw Error{
            fmt::format("{} is part of the program and holds no golden examples", facts_.name),
            {},
            "nothing is to be done: its own tests compare it with its reference"};
    }
    std::vector<StageReport> verify(Encoder& /*encoder*/,
                                    const PictureReader& /*reader*/) const override {
        return {};
    }

private:
    bool one() const { return builtin_.vectors_per_input == VectorsPerInput::kOne; }

    Builtin builtin_;
    ModelFacts facts_;
};

/// Uses other keys than packages do, so that no package can have the same fingerprint.
std::string BuiltinModel::fingerprint(const std::string& precision) const {
    nlohmann::json all{{"builtin", builtin_.name},
                       {"settings", builtin_.settings},
                       {"dim", builtin_.dim},
                       {"normalized", builtin_.normalized},
                       {"vectors", one() ? "one" : "variable"},
                       {"precision", precision}};
    if (builtin_.bytes) all["element"] = "uint8";
    return sha256(all.dump());
}

std::vector<std::unique_ptr<Encoder>> BuiltinModel::open(const LoadOptions& options) const {
    check_builtin_load(facts_.name, options);
    EncoderInfo info;
    info.name = facts_.name;
    info.package = facts_.package;
    info.fingerprint = fingerprint(kBuiltinPrecision);
    info.precision = kBuiltinPrecision;
    info.device = "cpu";
    info.dim = builtin_.dim;
    info.normalized = builtin_.normalized;
    info.images = true;
    info.vectors_per_input = builtin_.vectors_per_input;
    info.bytes = builtin_.bytes;
    std::vector<std::unique_ptr<Encoder>> encoders;
    encoders.push_back(std::make_unique<BuiltinEncoder>(builtin_, std::move(info)));
    return encoders;
}

std::vector<std::pair<std::string, std::string>> BuiltinModel::words() const {
    return {{"descriptor", facts_.name},
            {"picture", builtin_.about},
            {"vector", fmt::format("{} {}{}{}", builtin_.dim, builtin_.bytes ? "bytes" : "values",
                                   builtin_.normalized ? ", unit length" : "",
                                   one() ? "" : "; any number of a picture")},
            {"settings", builtin_.settings}};
}

std::string names_of(const std::vector<Builtin>& builtins) {
    if (builtins.empty()) return "this build has none";
    return "this build has " + builtin_names(builtins);
}

}  // namespace

BuiltinKind::BuiltinKind(std::vector<Builtin> builtins) : builtins_(std::move(builtins)) {}

bool BuiltinKind::recognises(std::string_view word) const {
    return is_builtin(word);
}

std::unique_ptr<EncoderModel> BuiltinKind::find(const std::string& word) const {
    if (const auto* found = find_builtin(builtins_, word))
        return std::make_unique<BuiltinModel>(*found);
    throw UsageError{
        fmt::format("there is no built-in descriptor '{}': {}", word, names_of(builtins_)),
        builtins_.empty() ? "name a model package"
                          : fmt::format("name one of these, or a model package: --model {}{}",
                                        kBuiltinPrefix, builtins_.front().name)};
}

std::unique_ptr<EncoderModel> BuiltinKind::find_again(const std::string& package,
                                                      const std::string& /*name*/) const {
    return find(package);
}

}  // namespace pmatch
