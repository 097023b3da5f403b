/// Internal to data/: RAII handles for HDF5, and errors that name the file.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace pmatch::hdf5 {

/// Not every HDF5 build is thread-safe, so all callers must hold this lock. Also disables the
/// library's error output.
std::unique_lock<std::recursive_mutex> lock();

using Close = herr_t (*)(hid_t);

class Handle {
public:
    Handle() = default;
    /// `value` is the result of H5…create or H5…open; negative throws Error about `file`.
    Handle(hid_t value, Close closer, const char* action, const std::filesystem::path& file);
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;

    operator hid_t() const { return value_; }  // NOLINT: reads like the C API
    void reset();
    /// Closes the handle. Throws Error on failure, as this may flush data to a full disk.
    void close(const std::filesystem::path& file);

private:
    hid_t value_ = -1;
    Close close_ = nullptr;
};

/// Throws Error unless an HDF5 call returned zero or more.
void check(herr_t result, const char* action, const std::filesystem::path& file);

/// A new file without time stamps, in a format that old readers support.
Handle create_file(const std::filesystem::path& file, const std::filesystem::path& named);
/// Opens for reading without HDF5's file locks: published files never change.
Handle open_file(const std::filesystem::path& file);
Handle create_group(hid_t file, const char* name, const std::filesystem::path& named);
/// Dataset creation properties without time stamps.
Handle dataset_properties(const std::filesystem::path& named);
Handle open_dataset(hid_t file, const char* name, const std::filesystem::path& named);
/// Variable-length UTF-8.
Handle string_type(const std::filesystem::path& named);

void write_attribute(hid_t object, const char* name, const std::string& value,
                     const std::filesystem::path& named);
void write_attribute(hid_t object, const char* name, std::int64_t value,
                     const std::filesystem::path& named);
std::string read_string_attribute(hid_t object, const char* name,
                                  const std::filesystem::path& named);
std::int64_t read_integer_attribute(hid_t object, const char* name,
                                    const std::filesystem::path& named);

/// The dimensions of a dataset. Throws Error unless it has `rank` of them.
std::vector<hsize_t> shape(hid_t dataset, int rank, const std::filesystem::path& named);

/// Appends rows to a dataset of rank 1 or 2 (`width` = 0 means rank 1).
void append_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width,
                 const void* data, const std::filesystem::path& named);
/// Reads rows [first, first + rows).
void read_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width, void* data,
               const std::filesystem::path& named);

}  // namespace pmatch::hdf5
