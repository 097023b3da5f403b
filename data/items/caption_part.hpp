/// One immutable JSONL file of captions: one line per picture, in ascending (row, ordinal).
///   {"row": 7, "ordinal": 0, "content": "<32 hex digits>", "caption": "a red mug"}
///   {"row": 8, "ordinal": 0, "content": "…", "code": "truncated", "detail": "…"}
/// The captioning model and the format version are recorded in the manifest.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/files/atomic_file.hpp"
#include "core/pipeline/caption_entry.hpp"

namespace pmatch {

FileRecord write_caption_part(const std::filesystem::path& file,
                              std::span<const CaptionEntry> entries);

/// Reads a file after size and checksum were verified. Throws Error if a line is malformed or out
/// of order.
std::vector<CaptionEntry> read_caption_part(const std::filesystem::path& file);

}  // namespace pmatch
