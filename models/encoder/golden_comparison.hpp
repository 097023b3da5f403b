/// Compares what this machine makes of a package's golden examples with what the reference made,
/// stage by stage. Pure: no files, no model.
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

/// In the order in which an input goes through them.
enum class GoldenStage { kDecoded, kResized, kTensor, kTokens, kVector };

class GoldenComparison {
public:
    /// How far vectors may be off depends on the precision they are computed with.
    explicit GoldenComparison(std::string_view precision);

    /// Pictures without loss must be equal; JPEG decoders may round differently, so 50 dB will do.
    void decoded(const std::string& example, const Image& ours, const Image& reference,
                 bool lossless);
    /// One level of 255 may differ.
    void resized(const std::string& example, std::span<const std::uint8_t> ours,
                 std::span<const std::uint8_t> reference);
    /// The same when only a checksum of the reference is known: all or nothing.
    void resized(const std::string& example, bool equal);
    /// Values times `levels` are levels of a pixel: one may differ. `levels` is per value.
    void tensor(const std::string& example, std::span<const float> ours,
                std::span<const float> reference, std::span<const double> levels);
    void tokens(const std::string& example, std::span<const std::int32_t> ours,
                std::span<const std::int32_t> reference);
    void vector(const std::string& example, std::span<const float> ours,
                std::span<const float> reference);
    /// The stage could not be reached, or gave something that cannot be compared.
    void failed(GoldenStage stage, const std::string& example, const std::string& why);

    /// One for each stage, in order.
    std::vector<StageReport> reports() const;

private:
    struct Stage {
        int compared = 0;
        double largest = 0;  ///< levels, ids, or 1 - cosine
        double noise = 1e9;  ///< decibels, of decoded JPEGs; large = none
        std::string detail;
    };

    Stage& count(GoldenStage stage, double difference);
    void fail(Stage& stage, const std::string& example, const std::string& why);

    double vector_limit_;
    std::array<Stage, 5> stages_;
};

}  // namespace pmatch
