/// A built-in descriptor at work: pictures become vectors in prepare(), on as many threads as the
/// caller has, and encode() hands them out.
#pragma once

#include "core/encoders/builtin.hpp"
#include "core/encoders/encoder.hpp"

namespace pmatch {

class BuiltinEncoder final : public Encoder {
public:
    BuiltinEncoder(Builtin builtin, EncoderInfo info);

    const EncoderInfo& info() const override { return info_; }
    /// Throws Error when the descriptor breaks its word: another number of values than it promises,
    /// values that are not finite, or another length than 1 where it promises that.
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
