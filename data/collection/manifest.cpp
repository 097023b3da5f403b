#include "data/collection/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/common/version.hpp"
#include "core/text/ascii.hpp"
#include "core/text/escape.hpp"
#include "core/text/json_error_text.hpp"
#include "data/collection/record_json.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxSize = std::uint64_t{256} << 20U;

Remedy remedy_of_manifest() {
    return {"restore collection.json from a copy, or make the collection again:",
            {{"ingest", "NEW-DIRECTORY", {"SOURCE"}}}};
}

Json to_json(const FieldMapping& mapping) {
    Json json{{"id", mapping.id}, {"text", mapping.text}, {"images", mapping.images}};
    if (mapping.html != Html::kAsStored) json["html"] = word_of(mapping.html);
    return json;
}

/// Collections of earlier versions do not say.
Html html_from(const Json& json) {
    if (!json.contains("html")) return Html::kAsStored;
    const auto word = json.at("html").get<std::string>();
    for (const auto html : {Html::kAuto, Html::kKeep}) {
        if (word == word_of(html)) return html;
    }
    throw std::runtime_error(fmt::format("'html' is '{}', expected auto or keep", word));
}

FieldMapping mapping_from(const Json& json) {
    return {json.at("id").get<std::string>(), json.at("text").get<std::vector<std::string>>(),
            json.at("images").get<std::vector<std::string>>(), html_from(json)};
}

Json to_json(const FieldRecord& field) {
    return {{"name", field.name},
            {"column", field.column},
            {"number", field.number},
            {"number_column", field.number_column},
            {"identifier", field.identifier},
            {"decimal_comma", field.decimal_comma},
            {"unfit", field.unfit}};
}

FieldRecord field_from(const Json& json, int version) {
    FieldRecord field{json.at("name").get<std::string>(), json.at("column").get<std::string>(),
                      json.at("number").get<bool>()};
    if (version < 3) return field;
    field.number_column = json.at("number_column").get<std::string>();
    field.identifier = json.at("identifier").get<bool>();
    field.decimal_comma = json.at("decimal_comma").get<bool>();
    field.unfit = count_from(json, "unfit");
    return field;
}

Json to_json(const ItemsRecord& items) {
    Json fields = Json::array();
    for (const auto& field : items.fields)
        fields.push_back(to_json(field));
    return {{"file", items.file},         {"count", items.count},
            {"pictures", items.pictures}, {"next_row", items.next_row},
            {"skipped", items.skipped},   {"mapping", to_json(items.mapping)},
            {"fields", fields},           {"source", items.source},
            {"confined", items.confined}, {"image_root", items.image_root}};
}

ItemsRecord items_from(const Json& json, int version) {
    ItemsRecord items;
    items.file = json.at("file").get<std::string>();
    items.count = count_from(json, "count");
    items.pictures = count_from(json, "pictures");
    items.next_row = count_from(json, "next_row");
    items.skipped = count_from(json, "skipped");
    items.mapping = mapping_from(json.at("mapping"));
    for (const auto& field : json.at("fields"))
        items.fields.push_back(field_from(field, version));
    items.source = json.at("source").get<std::string>();
    items.confined = json.at("confined").get<bool>();
    items.image_root = json.at("image_root").get<std::string>();
    return items;
}

Json to_json(const std::vector<PartRecord>& parts) {
    Json json = Json::array();
    for (const auto& part : parts)
        json.push_back(to_json(part));
    return json;
}

std::vector<PartRecord> parts_from(const Json& json) {
    std::vector<PartRecord> parts;
    for (const auto& part : json)
        parts.push_back(part_from(part));
    return parts;
}

Json to_json(const SpaceRecord& space) {
    auto json = identity_to_json(space);
    json["parts"] = to_json(space.parts);
    json["next_part"] = space.next_part;
    json["live"] = space.live;
    json["stamp"] = space.stamp;
    return json;
}

SpaceRecord space_from(const Json& json) {
    auto space = identity_from(json);
    space.parts = parts_from(json.at("parts"));
    space.next_part = count_from(json, "next_part");
    space.live = count_from(json, "live");
    space.stamp = json.at("stamp").get<std::string>();
    return space;
}

/// The captions that the manifest has had from the beginning; others are its "readings".
constexpr const char* kDescriptions = "caption";

/// The command that reproduces these captions, see data/embeddings/provenance.hpp.
std::string command_of(const CaptionsRecord& record) {
    if (record.view.empty())
        return fmt::format("pmatch caption COLLECTION --model {}", shell_word(record.model));
    return fmt::format(
        "pmatch caption COLLECTION --model {} --prompt {} --max-tokens {} --view {} "
        "--repetition-penalty {} --precision {}",
        shell_word(record.model), shell_word(record.prompt), record.max_tokens,
        shell_word(record.view), record.repetition_penalty, record.precision);
}

Json to_json(const CaptionsRecord& captions) {
    auto json = identity_to_json(captions);
    json["parts"] = to_json(captions.parts);
    json["next_part"] = captions.next_part;
    json["command"] = command_of(captions);
    return json;
}

CaptionsRecord captions_from(const Json& json) {
    auto captions = captions_identity_from(json);
    captions.parts = parts_from(json.at("parts"));
    captions.next_part = count_from(json, "next_part");
    return captions;
}

Json to_json(const IndexEntry& index) {
    return {{"layout", index.layout},  {"fingerprint", index.fingerprint},
            {"count", index.count},    {"stamp", index.stamp},
            {"files", index.files},    {"items", index.items},
            {"missing", index.missing}};
}

IndexEntry index_from(const Json& json, int version) {
    IndexEntry index;
    index.layout = json.at("layout").get<std::string>();
    index.fingerprint = json.at("fingerprint").get<std::string>();
    index.count = count_from(json, "count");
    index.stamp = json.at("stamp").get<std::string>();
    index.files = json.at("files").get<std::vector<std::string>>();
    if (version >= 2 || json.contains("items")) index.items = json.at("items").get<std::string>();
    if (version >= 2 || json.contains("missing")) index.missing = count_from(json, "missing");
    return index;
}

Json to_json(const LexicalRecord& index) {
    return {{"source", index.source.name()},
            {"analyser", index.analyser},
            {"k1", index.k1},
            {"b", index.b},
            {"count", index.count},
            {"stamp", index.stamp},
            {"items", index.items},
            {"file", index.file},
            {"analyser_version", index.analyser_version}};
}

LexicalRecord lexical_from(const Json& json) {
    return {Source::parse(json.at("source").get<std::string>()),
            json.at("analyser").get<std::string>(),
            json.at("k1").get<double>(),
            json.at("b").get<double>(),
            count_from(json, "count"),
            json.at("stamp").get<std::string>(),
            json.at("items").get<std::string>(),
            json.at("file").get<std::string>(),
            static_cast<int>(
                json.contains("analyser_version") ? count_from(json, "analyser_version") : 1)};
}

Json to_json(const ExactRecord& list) {
    return {{"columns", list.columns},
            {"count", list.count},
            {"stamp", list.stamp},
            {"items", list.items},
            {"file", list.file}};
}

ExactRecord exact_from(const Json& json) {
    return {json.at("columns").get<std::vector<std::string>>(), count_from(json, "count"),
            json.at("stamp").get<std::string>(), json.at("items").get<std::string>(),
            json.at("file").get<std::string>()};
}

/// A manifest must not refer to files outside its directory.
void check_inside(const std::string& relative) {
    const std::filesystem::path path(relative);
    const bool plain = !relative.empty() && path.is_relative() && path.lexically_normal() == path &&
                       path.has_filename() &&
                       std::none_of(path.begin(), path.end(),
                                    [](const auto& step) { return step == ".." || step == "."; });
    if (!plain) {
        throw std::runtime_error(
            fmt::format("it names the file '{}', which is not inside the collection", relative));
    }
}

void check_named(const Manifest& manifest, const std::string& file) {
    if (!manifest.files.contains(file)) {
        throw std::runtime_error(fmt::format("'{}' is used but not among its files", file));
    }
}

void check_consistent(const Manifest& manifest) {
    for (const auto& [path, record] : manifest.files)
        check_inside(path);
    if (!manifest.items.file.empty()) check_named(manifest, manifest.items.file);
    for (const auto& [name, space] : manifest.spaces) {
        if (!is_plain_name(name)) throw std::runtime_error("a space is named '" + name + "'");
        for (const auto& part : space.parts)
            check_named(manifest, part.file);
    }
    for (const auto& [name, captions] : manifest.captions) {
        if (!is_plain_name(name)) throw std::runtime_error("captions are named '" + name + "'");
        for (const auto& part : captions.parts)
            check_named(manifest, part.file);
    }
    for (const auto& [name, index] : manifest.indexes) {
        // FAISS index, rows, sidecar and, unless it was built before indexes could be extended,
        // keys.
        if (!manifest.spaces.contains(name) || index.files.size() < 3 || index.files.size() > 4) {
            throw std::runtime_error(fmt::format("the index '{}' has {} files, or no such space",
                                                 name, index.files.size()));
        }
        for (const auto& file : index.files)
            check_named(manifest, file);
    }
    for (const auto& [name, index] : manifest.lexical)
        check_named(manifest, index.file);
    if (manifest.exact) {
        check_named(manifest, manifest.exact->file);
        if (manifest.exact->columns.empty())
            throw std::runtime_error("the list of identifiers has no columns");
    }
}

std::string checksum_of(const Json& without_checksum) {
    return hash128(without_checksum.dump()).hex();
}

void check_checksum(Json& json) {
    const auto said = json.at("checksum").get<std::string>();
    json.erase("checksum");
    const auto found = checksum_of(json);
    if (said != found) {
        throw std::runtime_error(
            fmt::format("its checksum is {}, its content gives {}", said, found));
    }
}

Manifest manifest_from(const Json& json, int version) {
    Manifest manifest;
    manifest.generation = count_from(json, "generation");
    manifest.items = items_from(json.at("items"), version);
    for (const auto& [name, space] : json.at("spaces").items()) {
        manifest.spaces[name] = space_from(space);
    }
    if (json.contains("captions"))
        manifest.captions[kDescriptions] = captions_from(json.at("captions"));
    if (json.contains("readings")) {
        for (const auto& [name, reading] : json.at("readings").items())
            manifest.captions[name] = captions_from(reading);
    }
    for (const auto& [name, index] : json.at("indexes").items()) {
        manifest.indexes[name] = index_from(index, version);
    }
    if (version >= 2 || json.contains("lexical")) {
        for (const auto& [name, index] : json.at("lexical").items())
            manifest.lexical[name] = lexical_from(index);
    }
    if (json.contains("exact")) manifest.exact = exact_from(json.at("exact"));
    for (const auto& [path, file] : json.at("files").items()) {
        manifest.files[path] = {static_cast<std::uint64_t>(count_from(file, "size")),
                                Hash128::from_hex(file.at("checksum").get<std::string>())};
    }
    check_consistent(manifest);
    return manifest;
}

}  // namespace

Manifest Manifest::parse(const std::string& text, const std::filesystem::path& file) {
    try {
        auto json = Json::parse(text);
        // A newer version may compute its checksum differently, so the version is checked first.
        const auto version = json.at("version").get<int>();
        check_schema(kCollectionSchema, json.at("schema").get<std::string>(), version,
                     file.string());
        check_checksum(json);
        return manifest_from(json, version);
    } catch (const Error& error) {
        throw Error{error.what(), file.string(),
                    error.file().empty() ? remedy_of_manifest() : error.remedy()};
    } catch (const std::bad_alloc&) {
        throw;  // no damage
    } catch (const std::exception& error) {
        throw Error{fmt::format("the manifest is damaged: {}", json_complaint(error)),
                    file.string(), remedy_of_manifest()};
    }
}

Manifest Manifest::load(const std::filesystem::path& file) {
    return parse(read_file(file, kMaxSize), file);
}

std::string Manifest::dump() const {
    Json json = {{"schema", kCollectionSchema.name},
                 {"version", kCollectionSchema.current},
                 {"pmatch", kVersion},
                 {"generation", generation},
                 {"items", to_json(items)},
                 {"spaces", Json::object()},
                 {"indexes", Json::object()},
                 {"lexical", Json::object()},
                 {"files", Json::object()}};
    for (const auto& [name, space] : spaces)
        json["spaces"][name] = to_json(space);
    for (const auto& [name, record] : captions)
        (name == kDescriptions ? json["captions"] : json["readings"][name]) = to_json(record);
    for (const auto& [name, index] : indexes)
        json["indexes"][name] = to_json(index);
    for (const auto& [name, index] : lexical)
        json["lexical"][name] = to_json(index);
    if (exact) json["exact"] = to_json(*exact);
    for (const auto& [path, record] : files) {
        json["files"][path] = {{"size", record.size}, {"checksum", record.checksum.hex()}};
    }
    json["checksum"] = checksum_of(json);
    return json.dump(1) + "\n";
}

void Manifest::save(const std::filesystem::path& file) const {
    try {
        AtomicFile out(file);
        out.write(dump());
        out.publish();
    } catch (const Json::exception& error) {
        throw Error{fmt::format("the manifest cannot be written: {}", json_complaint(error)),
                    file.string(), "use names and paths in UTF-8"};
    }
}

std::string_view FieldRecord::type() const {
    if (number) return "number";
    if (!is_text_and_number()) return "text";
    return identifier ? "identifier" : "text and number";
}

bool is_plain_name(std::string_view name) {
    const auto plain = [](char c) {
        return ascii::is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
    };
    // "a.h5" would be both the directory of one space and the view of another.
    return !name.empty() && name.size() <= 200 && name.front() != '.' && !name.ends_with(".h5") &&
           std::all_of(name.begin(), name.end(), plain);
}

void check_space_name(std::string_view space) {
    if (is_plain_name(space)) return;
    throw UsageError{
        fmt::format("'{}' cannot be the name of a space", space),
        "name it with --space, in letters, digits, '_', '-' and '.', without .h5 at the end"};
}

}  // namespace pmatch
