/// Reads and decodes picture files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/encoders/picture_reader.hpp"

namespace pmatch {

struct PictureLimits {
    std::uint64_t max_bytes = 256U << 20U;  ///< of the file
    /// Of the decoded picture, according to its header. The default is Pillow's limit for
    /// decompression bombs.
    std::uint64_t max_pixels = 178'956'970;
};

/// Reads the formats of data/decoders, whatever the file's extension. Pixels equal those of Pillow:
/// JPEG by libjpeg-turbo's exact transform, CMYK by Pillow's formula, EXIF (or XMP) orientation
/// applied, transparency composited on white, 16 bits truncated to the upper 8, the first frame of
/// an animation. Problems: missing, unreadable, not_a_file, too_large, too_many_pixels,
/// unsupported_format, truncated, corrupt, content_changed. Never throws for a bad picture and
/// prints nothing; std::bad_alloc means that the machine has no memory.
class FilePictureReader : public PictureReader {
public:
    explicit FilePictureReader(const PictureLimits& limits = {});

    std::variant<Image, Problem> read(const std::filesystem::path& file,
                                      const std::optional<Hash128>& expected) const override;

private:
    PictureLimits limits_;
};

/// The same for a picture in memory.
std::variant<Image, Problem> decode_picture(std::span<const std::uint8_t> bytes,
                                            std::uint64_t max_pixels);

/// The bytes of a regular file; a pipe, device or directory is "not_a_file" and does not block.
/// Other problems: missing, unreadable, too_large.
std::variant<std::vector<std::uint8_t>, Problem> read_picture_bytes(
    const std::filesystem::path& file, std::uint64_t max_bytes);

}  // namespace pmatch
