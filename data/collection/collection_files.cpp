#include "data/collection/collection_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/collection/lexical_names.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// "part-" digits ".h5" and the like.
bool is_numbered(const std::string& name, std::string_view prefix, std::string_view suffix) {
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) return false;
    if (name.size() <= prefix.size() + suffix.size()) return false;
    const auto digits = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    return digits.find_first_not_of("0123456789") == std::string::npos;
}

/// The standard subdirectories, and those of the captions and spaces in them.
std::vector<fs::path> folders_of(const fs::path& directory) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto* name : {kItemsFolder, kCaptionsFolder, kEmbeddingsFolder, kIndexesFolder}) {
        if (fs::is_directory(directory / name, ignored)) folders.emplace_back(name);
    }
    for (const auto* parent : {kCaptionsFolder, kEmbeddingsFolder}) {
        for (const auto& entry : fs::directory_iterator(directory / parent, ignored)) {
            if (entry.is_directory(ignored) && !entry.is_symlink(ignored))
                folders.push_back(fs::path(parent) / entry.path().filename());
        }
    }
    return folders;
}

/// Whether the name is reserved for pmatch's files in this directory.
bool is_ours(const fs::path& relative) {
    const auto name = relative.filename().string();
    if (name.ends_with(kTemporarySuffix)) return true;
    const auto folder = relative.parent_path();
    if (folder == kItemsFolder) return is_numbered(name, "items-", ".sqlite");
    if (folder.parent_path() == kCaptionsFolder) return is_numbered(name, "part-", ".jsonl");
    if (folder.parent_path() == kEmbeddingsFolder) return is_numbered(name, "part-", ".h5");
    return false;
}

bool is_finished(const fs::path& temporary, const FileRecord& record) {
    std::error_code missing;
    if (fs::file_size(temporary, missing) != record.size || missing) return false;
    try {
        return measure_file(temporary) == record;
    } catch (const Error&) {
        if (fs::exists(temporary, missing)) throw;
        return false;  // another process has just renamed it
    }
}

}  // namespace

std::string view_file(const std::string& space) {
    return fmt::format("{}/{}.h5", kEmbeddingsFolder, space);
}

std::string part_file(const std::string& space, std::int64_t number) {
    return fmt::format("{}/{}/part-{:06}.h5", kEmbeddingsFolder, space, number);
}

std::string caption_part_file(const std::string& name, std::int64_t number) {
    return fmt::format("{}/{}/part-{:06}.jsonl", kCaptionsFolder, name, number);
}

std::string items_file(std::int64_t generation) {
    return fmt::format("{}/items-{:06}.sqlite", kItemsFolder, generation);
}

bool make_directories(const fs::path& directory) {
    std::error_code failed;
    const bool made = fs::create_directories(directory, failed);
    if (!failed) return made;
    throw Error{fmt::format("cannot make the directory: {}", failed.message()), directory.string(),
                "check the path and its permissions"};
}

bool has_unnamed_files(const fs::path& directory, const Manifest& manifest) {
    return std::any_of(manifest.files.begin(), manifest.files.end(), [&](const auto& file) {
        return is_finished(temporary_path(directory / file.first), file.second);
    });
}

void complete_commit(const fs::path& directory, const Manifest& manifest) {
    for (const auto& [path, record] : manifest.files) {
        const auto target = directory / path;
        const auto temporary = temporary_path(target);
        if (!is_finished(temporary, record)) continue;
        if (::rename(temporary.c_str(), target.c_str()) != 0 && errno != ENOENT) {
            throw Error{fmt::format("cannot rename the finished file: {}", std::strerror(errno)),
                        target.string(), "check the directory's permissions"};
        }
        sync_directory(target.parent_path());
    }
}

void mend_items_link(const fs::path& directory, const std::string& target) {
    if (target.empty()) return;
    const auto link = directory / kItemsLink;
    std::error_code failed;
    if (fs::read_symlink(link, failed) == target && !failed) return;
    const auto temporary = temporary_path(link);
    fs::remove(temporary, failed);
    fs::create_symlink(target, temporary, failed);
    if (!failed) fs::rename(temporary, link, failed);
    if (failed) {
        throw Error{fmt::format("cannot make the link: {}", failed.message()), link.string(),
                    "use a file system that has symbolic links"};
    }
    sync_directory(directory);
}

std::vector<std::string> leftovers(const fs::path& directory, const Manifest& manifest) {
    std::vector<std::string> found;
    auto folders = folders_of(directory);
    folders.emplace_back();
    for (const auto& folder : folders) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(directory / folder, ignored)) {
            if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) continue;
            const auto relative = folder / entry.path().filename();
            if (!is_ours(relative) || manifest.files.contains(relative.string())) continue;
            found.push_back(relative.string());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

void remove_leftovers(const fs::path& directory, const Manifest& manifest) {
    for (const auto& relative : leftovers(directory, manifest))
        ::unlink((directory / relative).c_str());
}

namespace {

/// With the columns and the root of the last ingest.
Command ingest_command(const std::string& directory, const ItemsRecord& items) {
    Command command{"ingest", directory, {items.source.empty() ? "SOURCE" : items.source}};
    const auto add = [&](const char* flag, const std::string& value) {
        command.arguments.insert(command.arguments.end(), {flag, value});
    };
    const auto& [id, text, images, html] = items.mapping;
    if (!text.empty()) add("--text", fmt::format("{}", fmt::join(text, ",")));
    if (!images.empty()) add("--image", fmt::format("{}", fmt::join(images, ",")));
    if (html == Html::kKeep) add("--html", std::string(word_of(html)));
    if (items.confined) add("--image-root", items.image_root);
    return command;
}

}  // namespace

Remedy mending_remedy(const fs::path& directory, const Manifest& manifest,
                      const std::string& relative) {
    const auto run = [](Command command) { return Remedy{"run", {std::move(command)}}; };
    const auto where = directory.string();
    for (const auto& [name, space] : manifest.spaces) {
        const auto path = fs::path(relative);
        if (relative != view_file(name) &&
            path.parent_path() != fs::path(kEmbeddingsFolder) / name) {
            continue;
        }
        return run({"embed",
                    where,
                    {"--model", space.package, "--source", space.source.name(), "--space", name}});
    }
    for (const auto& [name, captions] : manifest.captions) {
        if (fs::path(relative).parent_path() == fs::path(kCaptionsFolder) / name)
            return run({"caption", where, {"--model", captions.package}});
    }
    for (const auto& [name, index] : manifest.lexical) {
        if (index.file == relative) return run(lexical_command(directory, index));
    }
    if (manifest.exact && manifest.exact->file == relative)
        return run(exact_command(directory, *manifest.exact));
    if (relative.starts_with(kIndexesFolder)) return run({"build-index", where});
    return {
        "restore it from a copy, or make the collection again, with what was upserted and deleted "
        "since:",
        {ingest_command(where + "-again", manifest.items)}};
}

Remedy no_inputs_remedy(const std::string& directory) {
    return {"no input of it can be used:",
            {{"ledger", directory}},
            " says why; mend the catalog or its pictures, then ingest it again"};
}

}  // namespace pmatch
