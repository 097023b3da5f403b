#include "models/package/task_settings.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

nlohmann::json task_manifest(const Package& package, const TaskWanted& wanted) {
    const auto file = package.directory / "model.json";
    if (package.task != wanted.task) {
        throw Error{fmt::format("'{}' is a package for {}, not for {}", package.name, package.task,
                                wanted.purpose),
                    file, wanted.instead};
    }
    return JsonFields::parse(read_file(file, kMaxManifest), file, kExportAgain);
}

nlohmann::json with_checksums(nlohmann::json settings, std::initializer_list<const char*> keys,
                              const Package& package) {
    for (const auto* key : keys)
        settings[key] = package.files.at(settings[key].get<std::string>()).sha256;
    return settings;
}

}  // namespace pmatch
