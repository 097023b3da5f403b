/// Runs a built-in descriptor: prepare() computes the vectors, on as many threads as the caller
/// has, and encode() copies them.
#pragma once

#include "core/encoders/builtin.hpp"
#include "core/encoders/encoder.hpp"

namespace pmatch {

class BuiltinEncoder final : public Encoder {
public:
    BuiltinEncoder(Builtin builtin, EncoderInfo info);

    const EncoderInfo& info() const override { return info_; }
    /// Throws Error if the descriptor returns a wrong number of values, values that are not finite,
    /// or vectors that are not of unit length although declared so.
    Prepared prepare(const Image& image) const override;
    Prepared prepare(std::string_view text, TextRole role) const override;
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override;
    EncodedRows encode_rows(std::span<const Prepared* const> batch) override;

private:
    void check(std::span<const float> vectors) const;

    Builtin builtin_;
    EncoderInfo info_;
};

}  // namespace pmatch
