/// Internal to models/: what model.json says of a task that has readers of its own.
#pragma once

#include <initializer_list>
#include <string>

#include "models/package/package.hpp"
#include "models/package/package_fields.hpp"

namespace pmatch {

/// How a package is refused that was made for another task.
struct TaskWanted {
    std::string task;     ///< such as "text-reading"
    std::string purpose;  ///< "... is a package for image-embedding, not for <purpose>"
    std::string instead;  ///< what to give instead
};

/// The text of model.json, parsed. Throws an Error unless the package is for the wanted task.
nlohmann::json task_manifest(const Package& package, const TaskWanted& wanted);

/// `settings` with the listed files that `keys` name replaced by their checksums: equal for equal
/// files, whatever they are called.
nlohmann::json with_checksums(nlohmann::json settings, std::initializer_list<const char*> keys,
                              const Package& package);

}  // namespace pmatch
