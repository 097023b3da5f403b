/// Internal to data/: records of a collection as JSON, for the manifest and for parts that wait.
/// What reads throws std::exception for a key that is missing or holds something else.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "data/collection/manifest.hpp"

namespace pmatch {

/// Counts, rows and sizes are whole numbers from 0 on; anything else is damage.
std::int64_t count_from(const nlohmann::json& json, const char* name);

nlohmann::json to_json(const PartRecord& part);
PartRecord part_from(const nlohmann::json& json);

/// What made a space's vectors, without its parts and what is counted of them.
nlohmann::json identity_to_json(const SpaceRecord& space);
SpaceRecord identity_from(const nlohmann::json& json);

/// The same for captions.
nlohmann::json identity_to_json(const CaptionsRecord& captions);
CaptionsRecord captions_identity_from(const nlohmann::json& json);

}  // namespace pmatch
