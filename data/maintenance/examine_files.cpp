#include <fmt/format.h>

#include <set>

#include "data/collection/collection_files.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// Every file that an entry of the manifest refers to.
std::set<std::string> used_files(const Manifest& manifest) {
    std::set<std::string> used{manifest.items.file};
    for (const auto& [name, space] : manifest.spaces) {
        used.insert(view_file(name));
        for (const auto& part : space.parts)
            used.insert(part.file);
    }
    for (const auto& [name, captions] : manifest.captions) {
        for (const auto& part : captions.parts)
            used.insert(part.file);
    }
    for (const auto& [name, index] : manifest.indexes)
        used.insert(index.files.begin(), index.files.end());
    for (const auto& [name, index] : manifest.lexical)
        used.insert(index.file);
    if (manifest.exact) used.insert(manifest.exact->file);
    return used;
}

}  // namespace

void examine_files(Examination& examination) {
    const auto& manifest = examination.manifest();
    const auto& directory = examination.collection().directory();
    const auto mend = Remedy{Command{"doctor", directory.string(), {"--repair"}}};
    const auto used = used_files(manifest);
    std::uint64_t bytes = 0;
    for (const auto& [path, record] : manifest.files) {
        bytes += record.size;
        if (used.contains(path)) continue;
        examination.add({"files",
                         {},
                         Finding::State::kLeftover,
                         path,
                         "the manifest names a file that nothing uses",
                         {}});
    }
    examination.good("files", {},
                     fmt::format("{} files of {} bytes are named", manifest.files.size(), bytes));
    for (const auto& path : leftovers(directory, manifest)) {
        examination.add({"files",
                         {},
                         Finding::State::kLeftover,
                         path,
                         "left over from a run that was stopped",
                         mend});
    }
    std::error_code failed;
    const auto link = fs::read_symlink(directory / kItemsLink, failed);
    if (!manifest.items.file.empty() && (failed || link != manifest.items.file)) {
        examination.add({"files",
                         {},
                         Finding::State::kLeftover,
                         kItemsLink,
                         failed ? "the link to the items is missing"
                                : fmt::format("it leads to '{}', the items are '{}'", link.string(),
                                              manifest.items.file),
                         mend});
    }
}

}  // namespace pmatch
