/// What a search needs of a space, checked against the collection's record of it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/job.hpp"
#include "core/encoder.hpp"
#include "core/live_index.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// An index over what the space holds now, see data/space_index.hpp; says so where the one on disk
/// is older.
LiveIndex open_index(const Collection& collection, const std::string& space,
                     const Console& console);

/// The directory of the package that made the space: as recorded, or else found by its name.
std::filesystem::path package_of(const SpaceRecord& record);

/// The encoder of the package that made the space. Throws Error naming both
/// fingerprints when the package is not the same any more.
std::unique_ptr<Encoder> open_encoder(const SpaceRecord& record, const std::string& space,
                                      Context& context);

}  // namespace pmatch::cli
