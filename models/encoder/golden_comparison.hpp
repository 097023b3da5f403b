/// Compares this machine's results for a package's golden examples with the reference's, stage by
/// stage. Pure: no files, no model.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/image.hpp"
#include "core/encoders/stage_report.hpp"

namespace pmatch {

/// In processing order.
enum class GoldenStage { kDecoded, kResized, kTensor, kTokens, kVector };

class GoldenComparison {
public:
    /// The tolerance for vectors depends on their precision.
    explicit GoldenComparison(std::string_view precision);

    /// Lossless pictures must be equal; JPEG decoders may round differently, so 50 dB suffice.
    void decoded(const std::string& example, const Image& ours, const Image& reference,
                 bool lossless);
    /// A difference of one level of 255 is allowed.
    void resized(const std::string& example, std::span<const std::uint8_t> ours,
                 std::span<const std::uint8_t> reference);
    /// The same if only a checksum of the reference is known.
    void resized(const std::string& example, bool equal);
    /// Values times `levels` are pixel levels, of which one may differ. `levels` is per value.
    void tensor(const std::string& example, std::span<const float> ours,
                std::span<const float> reference, std::span<const double> levels);
    void tokens(const std::string& example, std::span<const std::int32_t> ours,
                std::span<const std::int32_t> reference);
    void vector(const std::string& example, std::span<const float> ours,
                std::span<const float> reference);
    /// The stage was not reached, or its result cannot be compared.
    void failed(GoldenStage stage, const std::string& example, const std::string& why);

    /// One per stage, in order.
    std::vector<StageReport> reports() const;

private:
    struct Stage {
        int compared = 0;
        double largest = 0;  ///< levels, ids, or 1 - cosine
        double noise = 1e9;  ///< peak signal-to-noise ratio in decibels, of decoded JPEGs
        std::string detail;
    };

    Stage& count(GoldenStage stage, double difference);
    void fail(Stage& stage, const std::string& example, const std::string& why);

    double vector_limit_;
    std::array<Stage, 5> stages_;
};

}  // namespace pmatch
