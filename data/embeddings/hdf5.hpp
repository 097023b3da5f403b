/// Internal to data/: HDF5 handles that close themselves and errors that name the file.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace pmatch::hdf5 {

/// Not every HDF5 build is thread-safe: whoever calls it holds this lock. Also switches off the
/// library's own error printing.
std::unique_lock<std::recursive_mutex> lock();

using Close = herr_t (*)(hid_t);

class Handle {
public:
    Handle() = default;
    /// `value` is what an H5…create or H5…open returned; negative is an Error about `file`.
    Handle(hid_t value, Close closer, const char* action, const std::filesystem::path& file);
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;

    operator hid_t() const { return value_; }  // NOLINT: reads like the C API
    void reset();
    /// Closes now; a failure is an Error, as it may be the write that did not fit the disk.
    void close(const std::filesystem::path& file);

private:
    hid_t value_ = -1;
    Close close_ = nullptr;
};

/// Throws Error unless an HDF5 call returned zero or more.
void check(herr_t result, const char* action, const std::filesystem::path& file);

/// A new file without time stamps inside, in a format that old readers know.
Handle create_file(const std::filesystem::path& file, const std::filesystem::path& named);
/// For reading, without HDF5's own file locks: our files never change.
Handle open_file(const std::filesystem::path& file);
Handle create_group(hid_t file, const char* name, const std::filesystem::path& named);
/// Dataset creation properties without time stamps.
Handle dataset_properties(const std::filesystem::path& named);
Handle open_dataset(hid_t file, const char* name, const std::filesystem::path& named);
/// UTF-8 of variable length.
Handle string_type(const std::filesystem::path& named);

void write_attribute(hid_t object, const char* name, const std::string& value,
                     const std::filesystem::path& named);
void write_attribute(hid_t object, const char* name, std::int64_t value,
                     const std::filesystem::path& named);
std::string read_string_attribute(hid_t object, const char* name,
                                  const std::filesystem::path& named);
std::int64_t read_integer_attribute(hid_t object, const char* name,
                                    const std::filesystem::path& named);

/// The sizes of a dataset's axes; Error unless it has `rank` of them.
std::vector<hsize_t> shape(hid_t dataset, int rank, const std::filesystem::path& named);

/// Adds rows at the end of a dataset of rank 1 or 2 (`width` = 0 means rank 1).
void append_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width,
                 const void* data, const std::filesystem::path& named);
/// Reads rows [first, first + rows).
void read_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width, void* data,
               const std::filesystem::path& named);

}  // namespace pmatch::hdf5
