#include "data/shards/shard_list.hpp"

#include <fmt/format.h>

#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_error_text.hpp"
#include "data/collection/record_json.hpp"
#include "data/shards/shard_command.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kLargestList = 64U << 20U;

std::string dump(const ShardList& list) {
    auto json = list.captions ? identity_to_json(*list.captions) : identity_to_json(list.space);
    json["schema"] = kStagedSchema.name;
    json["version"] = kStagedSchema.current;
    json[list.captions ? "captions" : "space"] = list.name;
    json["shard"] = list.shard.text();
    json["window_rows"] = list.window_rows;
    json["items"] = list.items;
    json["parts"] = Json::array();
    for (const auto& [part, file] : list.parts) {
        auto one = to_json(part);
        one["size"] = file.size;
        one["checksum"] = file.checksum.hex();
        json["parts"].push_back(std::move(one));
    }
    return json.dump(1) + "\n";
}

std::vector<ShardPart> parts_from(const Json& json) {
    std::vector<ShardPart> parts;
    for (const auto& one : json) {
        auto& [part, file] = parts.emplace_back();
        part = part_from(one);
        one.at("size").get_to(file.size);
        file.checksum = Hash128::from_hex(one.at("checksum").get<std::string>());
        if (fs::path(part.file).filename() != part.file || part.file.starts_with('.'))
            throw std::runtime_error(fmt::format("'{}' is no file of this directory", part.file));
    }
    return parts;
}

ShardList parse(const Json& json, const std::string& named) {
    int version = 1;  // which has neither field
    if (json.contains("schema") || json.contains("version")) {
        version = json.at("version").get<int>();
        check_schema(kStagedSchema, json.at("schema").get<std::string>(), version, named);
    }
    ShardList list;
    if (json.contains("captions")) {
        json.at("captions").get_to(list.name);
        list.captions = captions_identity_from(json);
    } else {
        json.at("space").get_to(list.name);
        list.space = identity_from(json);
    }
    if (!is_plain_name(list.name))
        throw std::runtime_error(fmt::format("'{}' is no name of a space", list.name));
    if (version >= 3) {
        list.shard = Shard::parse(json.at("shard").get<std::string>());
        list.window_rows = static_cast<int>(count_from(json, "window_rows"));
        json.at("items").get_to(list.items);
    }
    list.parts = parts_from(json.at("parts"));
    return list;
}

}  // namespace

std::string ShardList::title() const {
    return captions ? fmt::format("shard {} of the captions '{}'", shard.text(), name)
                    : fmt::format("shard {} of space '{}'", shard.text(), name);
}

Command ShardList::command() const {
    return captions ? shard_command(*captions, shard.text())
                    : shard_command(name, space, shard.text());
}

void save(const ShardList& list) {
    AtomicFile file(list.directory / kShardListName);
    file.write(dump(list));
    file.publish();
}

ShardList read_shard_list(const fs::path& directory) {
    const auto file = directory / kShardListName;
    const auto text = read_file(file, kLargestList);
    try {
        auto list = parse(Json::parse(text), file.string());
        list.directory = directory;
        return list;
    } catch (const UsageError& error) {
        throw Error{fmt::format("the list of parts that wait is damaged: {}", error.what()),
                    file.string(), "remove the directory, and make that shard again"};
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;  // no damage
    } catch (const std::exception& error) {
        throw Error{
            fmt::format("the list of parts that wait is damaged: {}", json_complaint(error)),
            file.string(), "remove the directory, and make that shard again"};
    }
}

std::string items_checksum(const Collection& collection) {
    const auto& manifest = collection.manifest();
    const auto found = manifest.files.find(manifest.items.file);
    return found == manifest.files.end() ? std::string{} : found->second.checksum.hex();
}

}  // namespace pmatch
