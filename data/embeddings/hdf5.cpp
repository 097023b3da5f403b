#include "data/embeddings/hdf5.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "data/collection/snapshot_files.hpp"

namespace pmatch::hdf5 {
namespace {

/// The innermost reason on HDF5's error stack.
std::string reason() {
    std::string text = "unknown reason";
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned depth, const H5E_error2_t* error, void* result) -> herr_t {
            if (depth == 0 && error->desc != nullptr) {
                *static_cast<std::string*>(result) = error->desc;
            }
            return 0;
        },
        &text);
    // The driver's message for a failed call fills a page; this part is the system's reason.
    constexpr std::string_view kWords = "error message = '";
    const auto start = text.find(kWords);
    if (start == std::string::npos) return text;
    const auto first = start + kWords.size();
    return text.substr(first, text.find('\'', first) - first);
}

[[noreturn]] void fail(const char* action, const std::filesystem::path& file) {
    const auto words = reason();
    // HDF5 has words for it only, and it must not be taken for damage.
    if (words.find("memory allocation failed") != std::string::npos ||
        words.find("allocate memory") != std::string::npos) {
        throw SystemError{fmt::format("not enough memory: HDF5 cannot {}: {}", action, words),
                          file.string(),
                          "run on a machine with more memory, or raise its limit (ulimit -v)"};
    }
    throw Error{fmt::format("HDF5 cannot {}: {}", action, words), file.string(),
                "check the file and the space on its disk, then run the command again"};
}

}  // namespace

std::unique_lock<std::recursive_mutex> lock() {
    static std::recursive_mutex mutex;
    std::unique_lock held(mutex);
    // After a failed write a file stays half-open inside the library, and its clean-up at exit()
    // then kills the process with a signal. All our handles are closed by then.
    static const bool no_clean_up = H5dont_atexit() >= 0;
    (void)no_clean_up;
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return held;
}

Handle::Handle(hid_t value, Close closer, const char* action, const std::filesystem::path& file)
    : value_(value), close_(closer) {
    if (value < 0) fail(action, file);
}

Handle::Handle(Handle&& other) noexcept
    : value_(std::exchange(other.value_, -1)), close_(other.close_) {}

Handle& Handle::operator=(Handle&& other) noexcept {
    if (this != &other) {
        reset();
        value_ = std::exchange(other.value_, -1);
        close_ = other.close_;
    }
    return *this;
}

void Handle::reset() {
    if (value_ >= 0) close_(std::exchange(value_, -1));
}

void Handle::close(const std::filesystem::path& file) {
    if (value_ >= 0) check(close_(std::exchange(value_, -1)), "finish writing", file);
}

void check(herr_t result, const char* action, const std::filesystem::path& file) {
    if (result < 0) fail(action, file);
}

Handle create_file(const std::filesystem::path& file, const std::filesystem::path& named) {
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list", named);
    H5Pset_file_locking(access, false, true);
    return {H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose,
            "create the file", named};
}

namespace {

/// HDF5 resolves a file's real path, so an unlinked file is read into memory.
Handle open_unnamed(const std::filesystem::path& file) {
    constexpr std::size_t kGrowth = 1U << 16U;  // unused when reading, but required
    auto content = read_file(file, std::filesystem::file_size(file));
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list", file);
    check(H5Pset_fapl_core(access, kGrowth, false), "read the file into memory", file);
    check(H5Pset_file_image(access, content.data(), content.size()), "read the file into memory",
          file);
    // HDF5 would take two images of one name for the same file; this name is used only once.
    const auto name = "pmatch-open-file-" + file.filename().string();
    return {H5Fopen(name.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "open the file", file};
}

}  // namespace

Handle open_file(const std::filesystem::path& file) {
    if (is_unnamed(file)) return open_unnamed(file);
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make a property list", file);
    H5Pset_file_locking(access, false, true);
    return {H5Fopen(file.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "open the file", file};
}

Handle create_group(hid_t file, const char* name, const std::filesystem::path& named) {
    const Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "make a property list", named);
    H5Pset_obj_track_times(properties, false);
    return {H5Gcreate2(file, name, H5P_DEFAULT, properties, H5P_DEFAULT), H5Gclose,
            "create a group", named};
}

Handle dataset_properties(const std::filesystem::path& named) {
    Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "make a property list", named);
    // Equal content must give equal bytes.
    H5Pset_obj_track_times(properties, false);
    return properties;
}

Handle open_dataset(hid_t file, const char* name, const std::filesystem::path& named) {
    return {H5Dopen2(file, name, H5P_DEFAULT), H5Dclose, "open a dataset", named};
}

Handle string_type(const std::filesystem::path& named) {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type", named);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

void write_attribute(hid_t object, const char* name, const std::string& value,
                     const std::filesystem::path& named) {
    const auto type = string_type(named);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "make a dataspace", named);
    const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose, "create an attribute", named);
    const char* text = value.c_str();
    check(H5Awrite(attribute, type, &text), "write an attribute", named);
}

void write_attribute(hid_t object, const char* name, std::int64_t value,
                     const std::filesystem::path& named) {
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "make a dataspace", named);
    const Handle attribute(H5Acreate2(object, name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose, "create an attribute", named);
    check(H5Awrite(attribute, H5T_NATIVE_INT64, &value), "write an attribute", named);
}

std::string read_string_attribute(hid_t object, const char* name,
                                  const std::filesystem::path& named) {
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "open an attribute",
                           named);
    const Handle found(H5Aget_type(attribute), H5Tclose, "read an attribute", named);
    if (H5Tis_variable_str(found) <= 0) {
        throw Error{fmt::format("the attribute '{}' is not text", name), named.string(),
                    "give a file that pmatch wrote"};
    }
    const auto type = string_type(named);
    char* text = nullptr;
    check(H5Aread(attribute, type, &text), "read an attribute", named);
    std::string value = text != nullptr ? text : "";
    H5free_memory(text);
    return value;
}

std::int64_t read_integer_attribute(hid_t object, const char* name,
                                    const std::filesystem::path& named) {
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "open an attribute",
                           named);
    std::int64_t value = 0;
    check(H5Aread(attribute, H5T_NATIVE_INT64, &value), "read an attribute", named);
    return value;
}

std::vector<hsize_t> shape(hid_t dataset, int rank, const std::filesystem::path& named) {
    const Handle space(H5Dget_space(dataset), H5Sclose, "read a dataset's shape", named);
    const int found = H5Sget_simple_extent_ndims(space);
    if (found != rank) {
        throw Error{fmt::format("a dataset has {} axes, expected {}", found, rank), named.string(),
                    "give a file that pmatch wrote"};
    }
    std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
    check(H5Sget_simple_extent_dims(space, sizes.data(), nullptr), "read a dataset's shape", named);
    return sizes;
}

namespace {

/// `rows` rows of a dataset from `first` on, and as many in memory; width 0: a dataset of one axis.
struct RowSelection {
    RowSelection(hid_t dataset, hsize_t first, hsize_t rows, hsize_t width,
                 const std::filesystem::path& named)
        : start{first, 0},
          count{rows, width},
          in_file(H5Dget_space(dataset), H5Sclose, "read a dataset's shape", named),
          in_memory(H5Screate_simple(width == 0 ? 1 : 2, count.data(), nullptr), H5Sclose,
                    "make a dataspace", named) {
        check(H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start.data(), nullptr, count.data(),
                                  nullptr),
              "select rows", named);
    }

    std::array<hsize_t, 2> start;
    std::array<hsize_t, 2> count;
    Handle in_file;
    Handle in_memory;
};

}  // namespace

void append_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width,
                 const void* data, const std::filesystem::path& named) {
    if (rows == 0) return;
    const std::array<hsize_t, 2> total{first + rows, width};
    check(H5Dset_extent(dataset, total.data()), "extend a dataset", named);
    const RowSelection rows_of(dataset, first, rows, width, named);
    check(H5Dwrite(dataset, type, rows_of.in_memory, rows_of.in_file, H5P_DEFAULT, data),
          "write rows", named);
}

void read_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t rows, hsize_t width, void* data,
               const std::filesystem::path& named) {
    if (rows == 0) return;
    const RowSelection rows_of(dataset, first, rows, width, named);
    check(H5Dread(dataset, type, rows_of.in_memory, rows_of.in_file, H5P_DEFAULT, data),
          "read rows", named);
}

}  // namespace pmatch::hdf5
