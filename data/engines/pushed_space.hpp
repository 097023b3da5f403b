/// What an engine knows of a space that was pushed: a row of its table pmatch.spaces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/collection/manifest.hpp"
#include "data/engines/engine_record.hpp"
#include "data/engines/engine_session.hpp"
#include "data/engines/engine_sql.hpp"

namespace pmatch {

/// The version of the tables in the engine's schema `pmatch`. 1: first version.
inline constexpr int kEngineFormat = 1;

struct PushedSpace {
    int format = kEngineFormat;
    std::string identity;  ///< of the collection, see EngineRecord
    std::string fingerprint;
    std::string precision;
    int dim = 0;
    VectorElement element = VectorElement::kHalf;
    std::string stamp;    ///< SpaceRecord::stamp of what is there; empty before the first push ends
    std::string pushing;  ///< the stamp of the last push that began
    int shards = 1;       ///< of that push
    std::string done;     ///< its shards that have ended, as an array's text
    std::int64_t vectors = 0;
};

/// What this collection expects there.
PushedSpace expected_space(const EngineRecord& engine, const SpaceRecord& space);

/// Empty if it is not there, nor its table. `lock` keeps others from changing it until the
/// transaction ends.
std::optional<PushedSpace> find_pushed(PostgresConnection& session, const std::string& collection,
                                       const std::string& space, bool lock);

/// Throws Error, naming both sides, unless the vectors there are of this collection and encoder.
void check_same_space(const PushedSpace& found, const PushedSpace& expected,
                      const std::string& space, const EngineAddress& address);

/// Throws Error, naming both sides, unless they are the current ones, too.
void check_current(const PushedSpace& found, const PushedSpace& expected, const std::string& space,
                   const EngineAddress& address);

}  // namespace pmatch
