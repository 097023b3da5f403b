#include "data/embeddings/staged_parts.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_error_text.hpp"
#include "data/collection/collection_files.hpp"
#include "data/collection/record_json.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/part_sequence.hpp"
#include "data/embeddings/provenance.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kStagingFolder = "staging";
constexpr const char* kListName = "parts.json";
constexpr std::uint64_t kLargestList = 64U << 20U;

/// A finished part, and its file in the staging directory.
struct StagedPart {
    PartRecord part;
    FileRecord file;
};

struct StagedList {
    std::string space;
    SpaceRecord record;  ///< without parts
    std::vector<StagedPart> parts;
};

fs::path staging_directory(const Collection& collection, const std::string& name) {
    if (!is_plain_name(name)) {
        throw UsageError{fmt::format("'{}' is no name for parts that wait", name),
                         "use letters, digits, '.', '_' and '-'"};
    }
    return collection.directory() / kStagingFolder / name;
}

std::string dump(const StagedList& list) {
    auto json = identity_to_json(list.record);
    json["schema"] = kStagedSchema.name;
    json["version"] = kStagedSchema.current;
    json["space"] = list.space;
    json["parts"] = Json::array();
    for (const auto& [part, file] : list.parts) {
        auto one = to_json(part);
        one["size"] = file.size;
        one["checksum"] = file.checksum.hex();
        json["parts"].push_back(std::move(one));
    }
    return json.dump(1) + "\n";
}

StagedList parse(const Json& json, const std::string& named) {
    // Version 1 has neither.
    if (json.contains("schema") || json.contains("version")) {
        check_schema(kStagedSchema, json.at("schema").get<std::string>(),
                     json.at("version").get<int>(), named);
    }
    StagedList list;
    json.at("space").get_to(list.space);
    list.record = identity_from(json);
    for (const auto& one : json.at("parts")) {
        auto& [part, file] = list.parts.emplace_back();
        part = part_from(one);
        one.at("size").get_to(file.size);
        file.checksum = Hash128::from_hex(one.at("checksum").get<std::string>());
        if (fs::path(part.file).filename() != part.file)
            throw std::runtime_error(fmt::format("'{}' is no file of this directory", part.file));
    }
    return list;
}

StagedList read_list(const fs::path& directory) {
    const auto file = directory / kListName;
    const auto text = read_file(file, kLargestList);
    try {
        return parse(Json::parse(text), file.string());
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;  // no damage
    } catch (const std::exception& error) {
        throw Error{
            fmt::format("the list of parts that wait is damaged: {}", json_complaint(error)),
            file.string(), "remove the directory, and embed that share again"};
    }
}

/// Links the file to the name expected by commit(); copies it if links are not supported.
void stage(const fs::path& from, const fs::path& target) {
    make_directories(target.parent_path());
    const auto temporary = temporary_path(target);
    std::error_code failed;
    fs::remove(temporary, failed);
    fs::create_hard_link(from, temporary, failed);
    if (failed) fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, failed);
    if (!failed) return;
    throw SystemError{fmt::format("cannot take the part over: {}", failed.message()),
                      target.string(), "check the disk and the directory's permissions"};
}

}  // namespace

struct StagedSpaceWriter::State : PartDestination {
    State(fs::path where, StagedList begun, double checkpoint)
        : directory(std::move(where)), list(std::move(begun)), parts(*this, checkpoint) {}

    std::string next_file() const { return fmt::format("part-{:06}.h5", list.parts.size() + 1); }
    fs::path next_target() override { return directory / next_file(); }

    PartHeader header() const override { return header_of(list.record, list.space); }

    void sealed(PartRecord part, const FileRecord& file) override {
        part.file = next_file();
        list.parts.push_back({std::move(part), file});
        save();
    }

    void save() const {
        AtomicFile file(directory / kListName);
        file.write(dump(list));
        file.publish();
    }

    fs::path directory;
    StagedList list;
    PartSequence parts;
};

StagedSpaceWriter::StagedSpaceWriter(const Collection& collection, const std::string& space,
                                     const SpaceRecord& record, const std::string& name,
                                     double checkpoint) {
    check_space_name(space);
    const auto directory = staging_directory(collection, name);
    if (!make_directories(directory)) {
        throw Error{fmt::format("parts wait under the name '{}' already", name), directory.string(),
                    "adopt them first, or choose another name"};
    }
    state_ = std::make_unique<State>(directory, StagedList{space, record, {}}, checkpoint);
    state_->save();
}

StagedSpaceWriter::~StagedSpaceWriter() = default;

void StagedSpaceWriter::append(EmbeddedWindow window) {
    state_->parts.append(std::move(window));
}

void StagedSpaceWriter::finish() {
    state_->parts.seal();
}

std::vector<std::string> staged_parts(const Collection& collection) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry :
         fs::directory_iterator(collection.directory() / kStagingFolder, none)) {
        if (fs::exists(entry.path() / kListName, none))
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

Adopted adopt_staged_parts(Collection& collection, const std::string& name) {
    const auto directory = staging_directory(collection, name);
    auto list = read_list(directory);
    for (const auto& [part, file] : list.parts)
        verify_file(directory / part.file, file,
                    "remove the directory, and embed that share again");
    begin_space(collection, list.space, list.record, false);
    auto next = collection.manifest();
    auto& space = next.spaces.at(list.space);
    Adopted adopted{list.space};
    std::vector<StagedFile> staged;
    for (auto& [part, file] : list.parts) {
        const auto target = part_file(list.space, space.next_part++);
        stage(directory / part.file, collection.directory() / target);
        staged.push_back({target, file});
        adopted.rows += part.rows;
        adopted.skipped += part.skipped;
        ++adopted.parts;
        part.file = target;
        space.parts.push_back(std::move(part));
    }
    if (adopted.parts > 0) {
        space.stamp.clear();
        collection.commit(std::move(next), staged);
    }
    std::error_code ignored;
    fs::remove_all(directory, ignored);
    return adopted;
}

}  // namespace pmatch
