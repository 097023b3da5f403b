/// One immutable JSONL file of captions: a line on what wrote them, then one for each picture, in
/// ascending (row, ordinal).
///   {"schema": "pmatch.captions", "version": 2, "pmatch": "0.1.0", "model": …, "fingerprint": …}
///   {"row": 7, "ordinal": 0, "content": "<32 hex digits>", "caption": "a red mug"}
///   {"row": 8, "ordinal": 0, "content": "…", "code": "truncated", "detail": "…"}
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/caption_work.hpp"

namespace pmatch {

/// What a file says of its writer, for people and other programs.
struct CaptionHeader {
    std::string model;
    std::string fingerprint;
    std::string precision;
};

FileRecord write_caption_part(const std::filesystem::path& file, const CaptionHeader& header,
                              std::span<const CaptionEntry> entries);

/// Reads a file whose size and checksum were verified; one of version 1 has no line on what wrote
/// it. Throws Error for what is no such line, or not in order.
std::vector<CaptionEntry> read_caption_part(const std::filesystem::path& file);

}  // namespace pmatch
