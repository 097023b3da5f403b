/// Pictures of requests. The engine reads pictures by their paths, so an upload becomes a file in
/// memory, which has a path as long as the object lives and never touches a disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cli/serve/requests/search_request.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch::cli {

class UploadedPicture {
public:
    /// Throws SystemError if the system refuses a file.
    explicit UploadedPicture(std::string_view bytes);
    ~UploadedPicture();
    UploadedPicture(UploadedPicture&& other) noexcept;
    UploadedPicture& operator=(UploadedPicture&&) = delete;

    /// In /proc/self/fd.
    std::filesystem::path path() const;

private:
    int descriptor_;
};

/// The picture of the part, cropped. Throws UsageError if it has to be cropped and cannot be read.
UploadedPicture upload(const SearchPart& part, const PictureLimits& limits);

/// A problem's sentence without the path of an upload, which says nothing to a client.
std::string without_paths(std::string detail);

}  // namespace pmatch::cli
