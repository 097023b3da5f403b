/// Internal to data/: embeddings/<space>.h5, an HDF5 view of the live rows of all parts.
#pragma once

#include <string>
#include <vector>

#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch {

/// Writes the view of `space` for `next`, to be renamed by commit(); records the live count and
/// stamp in `next`. Rewrites parts first if their live rows are too scattered for a view.
StagedFile stage_view(const Collection& collection, Manifest& next, const std::string& space);

/// Rewrites the live entries of the chosen parts in row order, and replaces these parts in `next`.
void rewrite_parts(const Collection& collection, Manifest& next, const std::string& space,
                   const std::vector<std::size_t>& chosen);

struct LiveSummary {
    std::int64_t count = 0;
    /// Hash of fingerprint and live keys: an index with the same stamp is up to date.
    std::string stamp;
};

/// Scans all inputs.
LiveSummary summarize_live(const Collection& collection, const Manifest& manifest,
                           const std::string& space);

/// Maximum number of vectors and skipped inputs in a part.
inline constexpr std::int64_t kFullPart = 65'536;

}  // namespace pmatch
