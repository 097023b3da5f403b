/// Internal to models/: fields of model.json common to packages of all tasks.
#pragma once

#include <cstdint>

#include "core/text/json_fields.hpp"
#include "models/package/package.hpp"

namespace pmatch {

inline constexpr std::uint64_t kMaxManifest = std::uint64_t{64} << 20U;  ///< bytes of model.json
inline constexpr const char* kExportAgain = "export the package again with scripts/export_model.py";

/// A file name that must be listed in `files`.
std::string listed_file(const JsonFields& fields, const char* key, const Package& package);

PreprocessSettings read_preprocess(const JsonFields& fields);

}  // namespace pmatch
