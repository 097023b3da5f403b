/// The command that makes a shard.
#pragma once

#include <string>

#include "core/common/remedy.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// `embed` of the space `name`, with all that decides its vectors; `shard` is i/n or auto/n. The
/// collection is left open.
Command shard_command(const std::string& name, const SpaceRecord& space, const std::string& shard);

/// `caption`, likewise.
Command shard_command(const CaptionsRecord& captions, const std::string& shard);

}  // namespace pmatch
