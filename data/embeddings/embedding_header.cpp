#include "data/embeddings/embedding_header.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/common/version.hpp"

namespace pmatch {
namespace {

constexpr const char* kFloats = "float32";
constexpr const char* kBytes = "uint8";
constexpr const char* kOne = "one";
constexpr const char* kVariable = "variable";

/// Whether the attribute is the second of the two values that it may have.
bool second_of(hid_t file, const char* name, const char* first, const char* second,
               const std::filesystem::path& named) {
    const auto value = hdf5::read_string_attribute(file, name, named);
    if (value == first || value == second) return value == second;
    throw Error{
        fmt::format("the attribute '{}' is '{}', expected {} or {}", name, value, first, second),
        named.string(), "give a file that pmatch wrote"};
}

}  // namespace

void write_header(hid_t file, const PartHeader& header, const std::filesystem::path& named) {
    hdf5::write_attribute(file, "schema", std::string(kEmbeddingsSchema.name), named);
    hdf5::write_attribute(file, "version", std::int64_t{kEmbeddingsSchema.current}, named);
    hdf5::write_attribute(file, "pmatch", std::string(kVersion), named);
    hdf5::write_attribute(file, "model", header.model, named);
    hdf5::write_attribute(file, "fingerprint", header.fingerprint, named);
    hdf5::write_attribute(file, "dim", std::int64_t{header.dim}, named);
    hdf5::write_attribute(file, "metric", header.metric, named);
    hdf5::write_attribute(file, "precision", header.precision, named);
    hdf5::write_attribute(file, "command", header.command, named);
    hdf5::write_attribute(file, "element", std::string(header.bytes ? kBytes : kFloats), named);
    hdf5::write_attribute(file, "vectors", std::string(header.ragged() ? kVariable : kOne), named);
}

PartHeader read_header(hid_t file, const std::filesystem::path& named) {
    const auto version = hdf5::read_integer_attribute(file, "version", named);
    check_schema(kEmbeddingsSchema, hdf5::read_string_attribute(file, "schema", named),
                 static_cast<int>(version), named.string());
    PartHeader header;
    header.model = hdf5::read_string_attribute(file, "model", named);
    header.fingerprint = hdf5::read_string_attribute(file, "fingerprint", named);
    header.precision = hdf5::read_string_attribute(file, "precision", named);
    header.metric = hdf5::read_string_attribute(file, "metric", named);
    header.command = hdf5::read_string_attribute(file, "command", named);
    const auto dim = hdf5::read_integer_attribute(file, "dim", named);
    if (dim < 1 || dim > 1'000'000) {
        throw Error{fmt::format("the dimension is {}, expected 1 to 1000000", dim), named.string(),
                    "give a file that pmatch wrote"};
    }
    header.dim = static_cast<int>(dim);
    if (version == 1) return header;
    header.bytes = second_of(file, "element", kFloats, kBytes, named);
    if (second_of(file, "vectors", kOne, kVariable, named))
        header.vectors_per_input = VectorsPerInput::kVariable;
    return header;
}

}  // namespace pmatch
