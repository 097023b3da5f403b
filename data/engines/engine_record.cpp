#include "data/engines/engine_record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "core/common/schema.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_fields.hpp"
#include "data/engines/vector_wire.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "engines.json";
constexpr const char* kFix = "remove the file and push again with --as NAME";
constexpr std::uint64_t kMaxSize = std::uint64_t{1} << 20U;

// 1: first version.
constexpr Schema kSchema{"pmatch.engines", 1, 1};

using Engines = std::map<std::string, EngineRecord>;

std::string random_identity() {
    std::random_device device;
    std::string identity;
    for (int i = 0; i < 4; ++i)
        identity += fmt::format("{:08x}", static_cast<std::uint32_t>(device()));
    return identity;
}

std::string names_of(const Engines& engines) {
    std::vector<std::string> names;
    for (const auto& [name, record] : engines)
        names.push_back(name);
    return fmt::format("{}", fmt::join(names, ", "));
}

void write(const fs::path& file, const Engines& engines) {
    nlohmann::json json{{"schema", kSchema.name}, {"version", kSchema.current}};
    for (const auto& [name, engine] : engines) {
        json["engines"][name] = {{"url", engine.url},
                                 {"collection", engine.collection},
                                 {"identity", engine.identity},
                                 {"type", engine.type}};
    }
    AtomicFile out(file);
    out.write(json.dump(1) + "\n");
    out.publish();
}

void check_plain(const std::string& name, const char* whose, const char* option) {
    if (is_plain_name(name)) return;
    throw UsageError{fmt::format("'{}' cannot be {}", name, whose),
                     fmt::format("give one of letters, digits, '_', '-' and '.': {} NAME", option)};
}

EngineRecord wanted_record(const Engines& engines, const Collection& collection,
                           const EngineAddress& address, const NewEngine& wanted) {
    EngineRecord record;
    if (const auto found = engines.find(wanted.name); found != engines.end()) {
        record = found->second;
    } else {
        record.collection = collection.directory().filename().string();
        record.identity = engines.empty() ? random_identity() : engines.begin()->second.identity;
        record.type = type_name(VectorElement::kHalf);
    }
    record.url = address.shown();
    if (!wanted.collection.empty()) record.collection = wanted.collection;
    if (!wanted.type.empty()) record.type = wanted.type;
    check_plain(record.collection, "the collection's name there", "--as");
    return record;
}

}  // namespace

Engines engines_of(const Collection& collection) {
    const auto file = collection.directory() / kFile;
    Engines engines;
    if (!fs::exists(file)) return engines;
    const auto json = JsonFields::parse(read_file(file, kMaxSize), file.string(), kFix);
    const JsonFields whole(json, "", file.string(), kFix);
    check_schema(kSchema, whole.text("schema"),
                 static_cast<int>(whole.integer("version", 0, INT32_MAX)), file.string());
    const auto all = whole.object("engines");
    for (const auto& [name, ignored] : json.at("engines").items()) {
        const auto one = all.object(name.c_str());
        engines[name] = {one.text("url"), one.text("collection"), one.text("identity"),
                         one.one_of("type", {"halfvec", "vector"})};
    }
    return engines;
}

KnownEngine find_engine(const Collection& collection, const std::string& name_or_url) {
    const auto engines = engines_of(collection);
    if (const auto found = engines.find(name_or_url); found != engines.end())
        return {EngineAddress(found->second.url), found->second};
    if (is_engine_url(name_or_url)) {
        EngineAddress address(name_or_url);
        for (const auto& [name, record] : engines) {
            if (record.url == address.shown()) return {address, record};
        }
        // Another way to the same server, perhaps: what is there will tell.
        if (engines.size() == 1) return {address, engines.begin()->second};
    }
    const auto shown = url_without_password(name_or_url);
    const auto url = is_engine_url(name_or_url) ? shown : std::string("URL");
    throw Error{
        engines.empty()
            ? fmt::format("nothing of this collection was pushed to the engine '{}'", shown)
            : fmt::format("the collection knows no engine '{}', but {}", shown, names_of(engines)),
        collection.directory().string(),
        {"push it:", {{"push", "", {url}}}}};
}

EngineRecord record_engine(const Collection& collection, const EngineAddress& address,
                           const NewEngine& wanted) {
    check_plain(wanted.name, "the name of an engine", "--name");
    auto engines = engines_of(collection);
    const auto found = engines.find(wanted.name);
    auto record = wanted_record(engines, collection, address, wanted);
    if (found != engines.end() && found->second == record) return record;
    const auto lock = Collection::open_for_writing(collection.directory());
    engines = engines_of(collection);  // another shard may have come first
    record = wanted_record(engines, collection, address, wanted);
    engines[wanted.name] = record;
    write(collection.directory() / kFile, engines);
    return record;
}

}  // namespace pmatch
