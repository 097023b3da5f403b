/// Rows and vectors in PostgreSQL's binary forms, all big-endian: COPY's tuples (its manual,
/// "COPY", binary format) and pgvector's types (its sources, vector_send() and halfvec_send()).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

/// How the other side keeps a value.
enum class VectorElement { kHalf, kSingle };

/// "halfvec" or "vector", the types' names.
const char* type_name(VectorElement element);
/// Throws UsageError for another name.
VectorElement element_of(std::string_view type);

/// The nearest half-precision number, ties to even, as its bits; 65,520 and more become infinite.
std::uint16_t half_of(float value);

/// A vector as a parameter. Throws Error for a value that a half cannot hold.
std::string wire_vector(std::span<const float> vector, VectorElement element);
/// int8[] as a parameter.
std::string wire_array(std::span<const std::int64_t> numbers);
std::string wire_number(std::int64_t number);

std::int64_t number_from_wire(std::string_view bytes);  ///< int8, int4
double real_from_wire(std::string_view bytes);          ///< float8
std::vector<float> vector_from_wire(std::string_view bytes, VectorElement element);

/// COPY's head, tuples and end.
class CopyWriter {
public:
    CopyWriter(int dim, VectorElement element);

    /// (row int8, ordinal int4, content uuid, vector).
    void add(const InputKey& key, std::span<const float> vector);
    void finish();
    /// What was written since the last call.
    std::string_view bytes() const { return bytes_; }
    void clear() { bytes_.clear(); }

private:
    VectorElement element_;
    std::int32_t vector_bytes_;
    std::string bytes_;
};

/// The keys in tuples (row int8, ordinal int4, content uuid) of COPY … TO STDOUT, from its pieces,
/// each of which is a whole tuple.
class CopyKeys {
public:
    /// False for the head and the end, which hold none.
    bool take(std::string_view piece, InputKey& key);

private:
    bool begun_ = false;
};

}  // namespace pmatch
