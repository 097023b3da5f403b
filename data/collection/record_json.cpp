#include "data/collection/record_json.hpp"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace pmatch {

using Json = nlohmann::json;

std::int64_t count_from(const Json& json, const char* name) {
    const auto& value = json.at(name);
    const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > limit) {
        throw std::runtime_error(fmt::format("'{}' is {}, expected a count", name, value.dump()));
    }
    return value.get<std::int64_t>();
}

Json to_json(const PartRecord& part) {
    return {{"file", part.file},
            {"rows", part.rows},
            {"skipped", part.skipped},
            {"first_row", part.first_row},
            {"last_row", part.last_row}};
}

PartRecord part_from(const Json& json) {
    return {json.at("file").get<std::string>(), count_from(json, "rows"),
            count_from(json, "skipped"), count_from(json, "first_row"),
            count_from(json, "last_row")};
}

Json identity_to_json(const SpaceRecord& space) {
    Json json{{"source", space.source.name()}, {"package", space.package},
              {"model", space.model},          {"fingerprint", space.fingerprint},
              {"precision", space.precision},  {"dim", space.dim},
              {"normalized", space.normalized}};
    if (space.long_texts == LongTexts::kMean) json["long"] = "mean";
    if (!space.indexable()) json["vectors"] = "variable";
    if (space.bytes) json["element"] = "uint8";
    return json;
}

namespace {

/// Whether the field is `second`, not `first`, which it is if absent.
bool choice_from(const Json& json, const char* name, const std::string& first,
                 const std::string& second) {
    const auto value = json.value(name, first);
    if (value == first || value == second) return value == second;
    throw std::runtime_error(
        fmt::format("'{}' is '{}', expected {} or {}", name, value, first, second));
}

}  // namespace

SpaceRecord identity_from(const Json& json) {
    SpaceRecord space;
    space.source = Source::parse(json.at("source").get<std::string>());
    space.package = json.at("package").get<std::string>();
    space.model = json.at("model").get<std::string>();
    space.fingerprint = json.at("fingerprint").get<std::string>();
    space.precision = json.at("precision").get<std::string>();
    const auto dim = count_from(json, "dim");
    if (dim < 1 || dim > 1'000'000) {
        throw std::runtime_error(fmt::format("'dim' is {}, expected 1 to 1000000", dim));
    }
    space.dim = static_cast<int>(dim);
    space.normalized = json.at("normalized").get<bool>();
    if (choice_from(json, "long", "cut", "mean")) space.long_texts = LongTexts::kMean;
    if (choice_from(json, "vectors", "one", "variable"))
        space.vectors_per_input = VectorsPerInput::kVariable;
    space.bytes = choice_from(json, "element", "float32", "uint8");
    return space;
}

Json identity_to_json(const CaptionsRecord& captions) {
    return {
        {"package", captions.package},         {"model", captions.model},
        {"fingerprint", captions.fingerprint}, {"precision", captions.precision},
        {"prompt", captions.prompt},           {"view", captions.view},
        {"max_tokens", captions.max_tokens},   {"repetition_penalty", captions.repetition_penalty}};
}

CaptionsRecord captions_identity_from(const Json& json) {
    CaptionsRecord captions;
    captions.package = json.at("package").get<std::string>();
    captions.model = json.at("model").get<std::string>();
    captions.fingerprint = json.at("fingerprint").get<std::string>();
    captions.precision = json.at("precision").get<std::string>();
    captions.prompt = json.at("prompt").get<std::string>();
    captions.view = json.at("view").get<std::string>();
    captions.max_tokens = json.at("max_tokens").get<int>();
    captions.repetition_penalty = json.at("repetition_penalty").get<double>();
    return captions;
}

}  // namespace pmatch
