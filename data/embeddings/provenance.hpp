/// Internal to data/: what files say of their making. The command is the one that makes the same
/// content anywhere: with all options that decide it and none that do not (where the collection
/// lies, threads, checkpoints), so that a run that was killed and went on writes the same bytes.
#pragma once

#include <string>

#include "core/index/index_sidecar.hpp"
#include "data/collection/manifest.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// Of a part or the view of the space that is named so.
PartHeader header_of(const SpaceRecord& record, const std::string& space);

/// `layout`: the one in effect, not "auto".
IndexOrigin origin_of(const SpaceRecord& record, const std::string& space,
                      const std::string& layout);

}  // namespace pmatch
