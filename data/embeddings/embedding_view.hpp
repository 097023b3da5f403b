/// Internal to data/: embeddings/<space>.h5, one look over the live rows of all parts.
#pragma once

#include <string>
#include <vector>

#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch {

/// Writes the view of `space` as `next` has it and leaves it for commit() to name; records the
/// live count and stamp in `next`. Parts whose live rows are too scattered for a view are
/// written anew first.
StagedFile stage_view(const Collection& collection, Manifest& next, const std::string& space);

/// Writes the live entries of the chosen parts anew, in row order, and puts the new files into
/// `next` in their place.
void rewrite_parts(const Collection& collection, Manifest& next, const std::string& space,
                   const std::vector<std::size_t>& chosen);

struct LiveSummary {
    std::int64_t count = 0;
    /// Hash of fingerprint and live keys: equal stamps mean an index over this space is up to
    /// date.
    std::string stamp;
};

/// By looking at every input.
LiveSummary summarize_live(const Collection& collection, const Manifest& manifest,
                           const std::string& space);

/// Vectors and skipped inputs that a full part holds.
inline constexpr std::int64_t kFullPart = 65'536;

}  // namespace pmatch
