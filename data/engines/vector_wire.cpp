#include "data/engines/vector_wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr std::string_view kCopyHead{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::int16_t kFields = 4;
constexpr std::int32_t kInt8Type = 20;  // pg_type.oid of int8
constexpr std::size_t kContentBytes = 16;

template <typename Number>
void put(std::string& bytes, Number number) {
    for (std::size_t i = sizeof(Number); i-- > 0;)
        bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i)));
}

template <typename Number>
Number get(std::string_view bytes) {
    if (bytes.size() < sizeof(Number)) throw std::runtime_error("a cell is too short");
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        number = number << 8U | static_cast<unsigned char>(bytes[i]);
    return static_cast<Number>(number);
}

float single_of(std::uint16_t half) {
    const int exponent = half >> 10U & 0x1F;
    const auto fraction = static_cast<float>(half & 0x3FFU);
    const float size =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
    return (half & 0x8000U) != 0 ? -size : size;
}

std::size_t bytes_of_one(VectorElement element) {
    return element == VectorElement::kHalf ? 2 : 4;
}

/// The elements of a vector behind `bytes`.
void put_elements(std::string& bytes, std::span<const float> vector, VectorElement element) {
    auto at = bytes.size();
    bytes.resize(at + vector.size() * bytes_of_one(element));
    for (const float value : vector) {
        if (element == VectorElement::kSingle) {
            const auto bits = std::bit_cast<std::uint32_t>(value);
            for (int shift = 24; shift >= 0; shift -= 8)
                bytes[at++] = static_cast<char>(bits >> static_cast<unsigned>(shift));
            continue;
        }
        const auto bits = half_of(value);
        if ((bits & 0x7C00U) == 0x7C00U) {
            throw Error{
                fmt::format("a vector has the value {}, and halfvec holds up to 65,504", value),
                {},
                "give --type vector"};
        }
        bytes[at++] = static_cast<char>(bits >> 8U);
        bytes[at++] = static_cast<char>(bits);
    }
}

void put_vector(std::string& bytes, std::span<const float> vector, VectorElement element) {
    put(bytes, static_cast<std::int16_t>(vector.size()));
    put(bytes, std::int16_t{0});
    put_elements(bytes, vector, element);
}

}  // namespace

const char* type_name(VectorElement element) {
    return element == VectorElement::kHalf ? "halfvec" : "vector";
}

VectorElement element_of(std::string_view type) {
    for (const auto element : {VectorElement::kHalf, VectorElement::kSingle}) {
        if (type == type_name(element)) return element;
    }
    throw UsageError{fmt::format("'{}' is no type of vectors", type), "use halfvec or vector"};
}

std::uint16_t half_of(float value) {
    constexpr std::uint32_t kInfinity = 0x7F800000U;
    constexpr std::uint32_t kTooLarge = 0x47800000U;  // 65,536
    constexpr std::uint32_t kSmallest = 0x38800000U;  // 2^-14, the smallest with full precision
    constexpr std::uint32_t kRebias = 112U << 23U;    // of the exponent: 127 - 15
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = bits >> 16U & 0x8000U;
    const auto size = bits & 0x7FFFFFFFU;
    if (size >= kTooLarge)
        return static_cast<std::uint16_t>(sign | (size > kInfinity ? 0x7E00U : 0x7C00U));
    if (size < kSmallest) {
        // Beside .5 the last bit of a float counts 2^-24, as that of such a half does.
        const float sum = std::bit_cast<float>(size) + .5F;
        return static_cast<std::uint16_t>(
            sign | (std::bit_cast<std::uint32_t>(sum) - std::bit_cast<std::uint32_t>(.5F)));
    }
    const auto odd = size >> 13U & 1U;
    return static_cast<std::uint16_t>(sign | (size - kRebias + 0xFFFU + odd) >> 13U);
}

std::string wire_vector(std::span<const float> vector, VectorElement element) {
    std::string bytes;
    put_vector(bytes, vector, element);
    return bytes;
}

std::string wire_array(std::span<const std::int64_t> numbers) {
    std::string bytes;
    bytes.reserve(20 + numbers.size() * 12);
    put(bytes, std::int32_t{numbers.empty() ? 0 : 1});  // dimensions
    put(bytes, std::int32_t{0});                        // no NULL among them
    put(bytes, kInt8Type);
    if (numbers.empty()) return bytes;
    put(bytes, static_cast<std::int32_t>(numbers.size()));
    put(bytes, std::int32_t{1});  // the first has number 1
    for (const auto number : numbers) {
        put(bytes, std::int32_t{sizeof number});
        put(bytes, number);
    }
    return bytes;
}

std::string wire_number(std::int64_t number) {
    std::string bytes;
    put(bytes, number);
    return bytes;
}

std::int64_t number_from_wire(std::string_view bytes) {
    return bytes.size() == sizeof(std::int32_t) ? get<std::int32_t>(bytes)
                                                : get<std::int64_t>(bytes);
}

double real_from_wire(std::string_view bytes) {
    return std::bit_cast<double>(get<std::uint64_t>(bytes));
}

std::vector<float> vector_from_wire(std::string_view bytes, VectorElement element) {
    const auto dim = static_cast<std::size_t>(get<std::int16_t>(bytes));
    const auto width = bytes_of_one(element);
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 4));
    if (bytes.size() != dim * width) throw std::runtime_error("a vector has another size");
    std::vector<float> vector(dim);
    for (std::size_t i = 0; i < dim; ++i) {
        const auto one = bytes.substr(i * width, width);
        vector[i] = element == VectorElement::kHalf ? single_of(get<std::uint16_t>(one))
                                                    : std::bit_cast<float>(get<std::uint32_t>(one));
    }
    return vector;
}

CopyWriter::CopyWriter(int dim, VectorElement element)
    : element_(element),
      vector_bytes_(
          static_cast<std::int32_t>(4 + static_cast<std::size_t>(dim) * bytes_of_one(element))),
      bytes_(kCopyHead) {}

void CopyWriter::add(const InputKey& key, std::span<const float> vector) {
    put(bytes_, kFields);
    put(bytes_, std::int32_t{sizeof key.row});
    put(bytes_, key.row);
    put(bytes_, std::int32_t{sizeof key.ordinal});
    put(bytes_, key.ordinal);
    put(bytes_, std::int32_t{kContentBytes});
    bytes_.append(reinterpret_cast<const char*>(key.content.bytes.data()), kContentBytes);
    put(bytes_, vector_bytes_);
    put_vector(bytes_, vector, element_);
}

void CopyWriter::finish() {
    put(bytes_, std::int16_t{-1});
}

bool CopyKeys::take(std::string_view piece, InputKey& key) {
    if (!begun_) {
        // The head comes with the first tuple, or alone.
        if (!piece.starts_with(kCopyHead))
            throw std::runtime_error("COPY begins with another head");
        begun_ = true;
        piece.remove_prefix(kCopyHead.size());
    }
    if (piece.size() < 2 || get<std::int16_t>(piece) < 0) return false;
    constexpr std::size_t kTuple = 2 + 4 + 8 + 4 + 4 + 4 + kContentBytes;
    if (piece.size() != kTuple) throw std::runtime_error("a tuple has another size");
    key.row = get<std::int64_t>(piece.substr(6));
    key.ordinal = get<std::int32_t>(piece.substr(18));
    const auto content = piece.substr(26);
    std::copy(content.begin(), content.end(), reinterpret_cast<char*>(key.content.bytes.data()));
    return true;
}

}  // namespace pmatch
