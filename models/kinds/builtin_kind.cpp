#include "models/kinds/builtin_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "models/kinds/builtin_encoder.hpp"
#include "models/package/sha256.hpp"

namespace pmatch {
namespace {

constexpr const char* kPrecision = "fp32";

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
        return precision == kPrecision;
    }
    std::vector<std::unique_ptr<Encoder>> open(const LoadOptions& options) const override;
    std::string slow_here(const EncoderInfo& /*opened*/) const override { return {}; }
    std::vector<std::pair<std::string, std::string>> words() const override;
    std::vector<ModelFile> files() const override { return {}; }
    std::vector<ModelPrecision> precisions() const override {
        return {{kPrecision, fingerprint(kPrecision), "none"}};
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
    if (options.device != "auto" && options.device != "cpu") {
        throw UsageError{
            fmt::format("{} runs on the CPU, not on '{}'", facts_.name, options.device),
            "leave --device out"};
    }
    if (options.precision != "auto" && options.precision != kPrecision) {
        throw UsageError{fmt::format("{} has the precision {}, not '{}'", facts_.name, kPrecision,
                                     options.precision),
                         "leave --precision out"};
    }
    EncoderInfo info;
    info.name = facts_.name;
    info.package = facts_.package;
    info.fingerprint = fingerprint(kPrecision);
    info.precision = kPrecision;
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
    std::string names;
    for (const auto& builtin : builtins)
        names += fmt::format("{}{}{}", names.empty() ? "" : ", ", kBuiltinPrefix, builtin.name);
    return "this build has " + names;
}

}  // namespace

BuiltinKind::BuiltinKind(std::vector<Builtin> builtins) : builtins_(std::move(builtins)) {}

bool BuiltinKind::recognises(std::string_view word) const {
    return is_builtin(word);
}

std::unique_ptr<EncoderModel> BuiltinKind::find(const std::string& word) const {
    const auto name = std::string_view(word).substr(kBuiltinPrefix.size());
    const auto found = std::find_if(builtins_.begin(), builtins_.end(),
                                    [&](const auto& one) { return one.name == name; });
    if (found != builtins_.end()) return std::make_unique<BuiltinModel>(*found);
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
