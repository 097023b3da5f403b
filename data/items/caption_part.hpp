/// One immutable JSONL file of captions: a line for each picture, in ascending (row, ordinal).
///   {"row": 7, "ordinal": 0, "content": "<32 hex digits>", "caption": "a red mug"}
///   {"row": 8, "ordinal": 0, "content": "…", "code": "truncated", "detail": "…"}
/// What wrote them, and the version of all this, stand in the manifest.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/files/atomic_file.hpp"
#include "core/pipeline/caption_entry.hpp"

namespace pmatch {

FileRecord write_caption_part(const std::filesystem::path& file,
                              std::span<const CaptionEntry> entries);

/// Reads a file whose size and checksum were verified. Throws Error for what is no such line, or
/// not in order.
std::vector<CaptionEntry> read_caption_part(const std::filesystem::path& file);

}  // namespace pmatch
