/// The towers of a package on one device.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/encoders/encoder.hpp"
#include "core/encoders/load_options.hpp"
#include "models/encoder/image_encoder.hpp"
#include "models/encoder/text_encoder.hpp"
#include "models/package/package.hpp"
#include "models/runtime/pass_thread_pool.hpp"

namespace pmatch {

class PackageEncoder final : public Encoder {
public:
    /// Verifies and loads the package's files. Of the options, uses the note, which is called when
    /// passes had to be made smaller, and what becomes of long texts.
    PackageEncoder(const Package& package, const Device& device, Precision precision, int threads,
                   const LoadOptions& options);

    const EncoderInfo& info() const override { return info_; }
    Prepared prepare(const Image& image) const override;
    Prepared prepare(std::string_view text, TextRole role) const override;
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override;

private:
    template <typename Tower>
    void encode_with(const Tower& tower, std::span<const Prepared* const> batch,
                     std::span<float> vectors);
    template <typename Tower>
    void encode_in_order(const Tower& tower, std::span<const Prepared* const> batch,
                         std::span<float> vectors);
    template <typename Tower>
    void encode_on_workers(const Tower& tower, std::span<const Prepared* const> batch,
                           std::span<float> vectors);
    void encode_texts(std::span<const Prepared* const> batch, std::span<float> vectors);
    Error no_tower(std::string_view kind) const;
    void check_vectors(std::span<const float> vectors) const;

    EncoderInfo info_;
    std::optional<TextEncoder> text_;
    std::optional<ImageEncoder> image_;
    int threads_;
    int halvings_ = 0;
    std::function<void(const std::string&)> note_;
    std::optional<Workers> workers_;
};

}  // namespace pmatch
