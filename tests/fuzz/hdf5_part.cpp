/// A part that HDF5 itself can read (its own parser is not what is tried here: no byte of a file
/// whose checksum is wrong comes to it) and whose shapes, numbers and attributes are anything.
#include <hdf5.h>

#include <cstring>
#include <vector>

#include "data/embeddings/embedding_part.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

namespace {

/// Takes the input apart, zeros behind its end.
class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    template <typename T>
    T take() {
        T value{};
        const auto got = std::min(sizeof value, size_);
        std::memcpy(&value, data_, got);
        data_ += got;
        size_ -= got;
        return value;
    }
    std::uint8_t below(unsigned end) {
        return static_cast<std::uint8_t>(take<std::uint8_t>() % end);
    }

private:
    const std::uint8_t* data_;
    std::size_t size_;
};

/// Mostly the right type and size, sometimes another.
void put_dataset(hid_t parent, const char* name, hid_t type, hsize_t rows, hsize_t width,
                 Bytes& bytes) {
    const auto choice = bytes.below(16);
    if (choice == 0) return;
    if (choice == 1) rows += bytes.below(4);
    if (choice == 2) width = bytes.below(5);
    if (choice == 3) type = H5T_IEEE_F64BE;
    const std::vector<hsize_t> shape{rows, width};
    const hid_t space = H5Screate_simple(width == 0 ? 1 : 2, shape.data(), nullptr);
    const hid_t dataset =
        H5Dcreate2(parent, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    std::vector<std::int64_t> values(rows * std::max<hsize_t>(width, 1));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = bytes.below(4) == 0 ? bytes.take<std::int64_t>() : static_cast<std::int64_t>(i);
    if (H5Tget_class(type) != H5T_STRING)
        H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(dataset);
    H5Sclose(space);
}

void put_attribute(hid_t file, const char* name, hid_t type, const void* value, Bytes& bytes) {
    if (bytes.below(32) == 0) return;
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, value);
    H5Aclose(attribute);
    H5Sclose(space);
}

void write_part(const std::filesystem::path& path, Bytes bytes) {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    const auto odd = bytes.take<std::int64_t>();
    const std::int64_t version = bytes.below(8) == 0 ? odd : 1 + bytes.below(2);
    const std::int64_t dim = bytes.below(4) == 0 ? odd : 3;
    const char* schema = bytes.below(16) == 0 ? "other" : "pmatch.embeddings";
    const char* word = "f";
    put_attribute(file, "version", H5T_NATIVE_INT64, &version, bytes);
    put_attribute(file, "dim", H5T_NATIVE_INT64, &dim, bytes);
    put_attribute(file, "schema", text, &schema, bytes);
    for (const auto* name : {"model", "fingerprint", "precision", "metric", "command"})
        put_attribute(file, name, text, &word, bytes);
    const char* element = bytes.below(2) == 0 ? "uint8" : "float32";
    const char* vectors = bytes.below(2) == 0 ? "variable" : "one";
    put_attribute(file, "element", text, &element, bytes);
    put_attribute(file, "vectors", text, &vectors, bytes);
    const hsize_t rows = bytes.below(6);
    put_dataset(file, "ends", H5T_STD_I64LE, rows, 0, bytes);
    put_dataset(file, "ids", H5T_STD_I64LE, rows, 0, bytes);
    put_dataset(file, "ordinal", H5T_STD_I32LE, rows, 0, bytes);
    put_dataset(file, "content", H5T_STD_U8LE, rows, 16, bytes);
    put_dataset(file, "vectors", H5T_IEEE_F32LE, rows, 3, bytes);
    const hid_t group = H5Gcreate2(file, "skipped", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t skipped = bytes.below(4);
    put_dataset(group, "row", H5T_STD_I64LE, skipped, 0, bytes);
    put_dataset(group, "ordinal", H5T_STD_I32LE, skipped, 0, bytes);
    put_dataset(group, "content", H5T_STD_U8LE, skipped, 16, bytes);
    put_dataset(group, "code", text, skipped, 0, bytes);
    put_dataset(group, "detail", text, skipped, 0, bytes);
    H5Gclose(group);
    H5Tclose(text);
    H5Fclose(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const auto file = fuzz::scratch() / "part.h5";
    write_part(file, Bytes(data, size));
    fuzz::allow_errors([&] {
        const PartReader part(file);
        const auto keys = part.keys();
        const auto skipped = part.skipped();
        fuzz::require(keys.size() == static_cast<std::size_t>(part.rows()));
        fuzz::require(part.begin(0) == 0 && part.begin(part.rows()) >= 0);
        std::vector<float> values(static_cast<std::size_t>(part.begin(part.rows())) *
                                  static_cast<std::size_t>(part.header().dim));
        part.vectors(0, part.rows(), values);
    });
    return 0;
}
