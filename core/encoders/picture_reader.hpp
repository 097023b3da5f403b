/// Gives core access to pixels without depending on the decoders.
#pragma once

#include <filesystem>
#include <optional>
#include <variant>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"
#include "core/files/hash.hpp"

namespace pmatch {

class PictureReader {
public:
    virtual ~PictureReader() = default;

    /// Reads and decodes one file, upright (EXIF orientation applied). A file that cannot be used
    /// gives a Problem, never an exception or a substitute picture. With `expected`, a file with
    /// another content hash gives the Problem "content_changed". Safe to call from many threads.
    virtual std::variant<Image, Problem> read(const std::filesystem::path& file,
                                              const std::optional<Hash128>& expected) const = 0;
};

}  // namespace pmatch
