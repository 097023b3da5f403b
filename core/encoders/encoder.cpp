#include "core/encoders/encoder.hpp"

#include <fmt/format.h>

#include <numeric>

#include "core/common/error.hpp"

namespace pmatch {

Problem no_tokens() {
    return {"no_tokens", "the model's tokenizer makes nothing of the text"};
}

EncodedRows Encoder::encode_rows(std::span<const Prepared* const> batch) {
    EncodedRows rows;
    rows.values.resize(batch.size() * static_cast<std::size_t>(info().dim));
    encode(batch, rows.values);
    rows.ends.resize(batch.size());
    std::iota(rows.ends.begin(), rows.ends.end(), std::size_t{1});
    return rows;
}

void check_one_vector_per_input(const EncoderInfo& info) {
    if (info.vectors_per_input == VectorsPerInput::kOne) return;
    throw Error{fmt::format("the model '{}' makes any number of vectors of an input, and a list "
                            "compares one of each",
                            info.name),
                info.package, "use a model that makes one vector of an input"};
}

}  // namespace pmatch
