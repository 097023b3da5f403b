/// How the loops in core get at pixels without knowing who decodes them.
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

    /// Reads and decodes one file, upright (EXIF orientation applied). What cannot be used is a
    /// Problem, never an exception and never a made-up picture. With `expected`, a file whose
    /// bytes hash to something else is the Problem "content_changed".
    /// Safe to call from many threads.
    virtual std::variant<Image, Problem> read(const std::filesystem::path& file,
                                              const std::optional<Hash128>& expected) const = 0;
};

}  // namespace pmatch
