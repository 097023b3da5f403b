#include "models/kinds/builtin_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/vector_norm.hpp"

namespace pmatch {
namespace {

bool are_bytes(std::span<const float> values) {
    return std::all_of(values.begin(), values.end(), [](float value) {
        return value >= 0 && value <= 255 && value == std::floor(value);
    });
}

}  // namespace

BuiltinEncoder::BuiltinEncoder(Builtin builtin, EncoderInfo info)
    : builtin_(std::move(builtin)), info_(std::move(info)) {}

Prepared BuiltinEncoder::prepare(const Image& image) const {
    Prepared prepared;
    prepared.vectors = builtin_.describe(image);
    check(prepared.vectors);
    return prepared;
}

Prepared BuiltinEncoder::prepare(std::string_view /*text*/, TextRole /*role*/) const {
    throw Error{fmt::format("the model '{}' takes no texts", info_.name), info_.package,
                "use a model package that embeds texts"};
}

void BuiltinEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors) {
    check_one_vector_per_input(info_);
    const auto rows = encode_rows(batch);
    if (vectors.size() != rows.values.size()) {
        throw Error{fmt::format("there is room for {} floats, the vectors have {}", vectors.size(),
                                rows.values.size()),
                    {},
                    "give batch size x dimension floats"};
    }
    std::copy(rows.values.begin(), rows.values.end(), vectors.begin());
}

EncodedRows BuiltinEncoder::encode_rows(std::span<const Prepared* const> batch) {
    EncodedRows rows;
    for (const auto* input : batch) {
        rows.values.insert(rows.values.end(), input->vectors.begin(), input->vectors.end());
        rows.ends.push_back(rows.values.size() / static_cast<std::size_t>(info_.dim));
    }
    return rows;
}

/// A failed computation must not be stored as a vector.
void BuiltinEncoder::check(std::span<const float> vectors) const {
    const auto refuse = [&](const std::string& what) {
        throw Error{fmt::format("the descriptor '{}' returned {}", info_.name, what),
                    {},
                    "report it as a bug of pmatch, with the picture"};
    };
    const auto dim = static_cast<std::size_t>(info_.dim);
    const bool one = info_.vectors_per_input == VectorsPerInput::kOne;
    if (one ? vectors.size() != dim : vectors.size() % dim != 0)
        refuse(fmt::format("{} values, a vector has {}", vectors.size(), dim));
    for (std::size_t at = 0; at < vectors.size(); at += dim) {
        const double length = vector_length(vectors.subspan(at, dim));
        if (info_.bytes && !are_bytes(vectors.subspan(at, dim)))
            refuse("values that are not whole numbers from 0 to 255");
        if (!std::isfinite(length)) refuse("values that are not finite");
        if (info_.normalized && !is_unit_length(length, info_.precision))
            refuse(fmt::format("a vector of length {:.6f}, it promises 1", length));
    }
}

}  // namespace pmatch
