/// Internal to data/: provenance recorded in files. The command reproduces the same content
/// anywhere: it has all options that affect the content and no others (location of the collection,
/// threads, checkpoints), so that an interrupted and resumed run writes the same bytes.
#pragma once

#include <string>

#include "core/index/index_sidecar.hpp"
#include "data/collection/manifest.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// For a part or the view of the named space.
PartHeader header_of(const SpaceRecord& record, const std::string& space);

/// `layout`: the actual one, not "auto".
IndexOrigin origin_of(const SpaceRecord& record, const std::string& space,
                      const std::string& layout);

}  // namespace pmatch
