#include "cli/serve/metrics/metered_models.hpp"

#include <utility>

namespace pmatch::cli {
namespace {

class MeteredEncoder final : public Encoder {
public:
    MeteredEncoder(std::unique_ptr<Encoder> encoder, ServerMetrics& metrics)
        : encoder_(std::move(encoder)), metrics_(metrics) {}

    const EncoderInfo& info() const override { return encoder_->info(); }
    Prepared prepare(const Image& image) const override { return encoder_->prepare(image); }
    Prepared prepare(std::string_view text, TextRole role) const override {
        return encoder_->prepare(text, role);
    }
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        metrics_.batch(batch.size());
        encoder_->encode(batch, vectors);
    }
    EncodedRows encode_rows(std::span<const Prepared* const> batch) override {
        metrics_.batch(batch.size());
        return encoder_->encode_rows(batch);
    }

private:
    std::unique_ptr<Encoder> encoder_;
    ServerMetrics& metrics_;
};

}  // namespace

std::unique_ptr<Encoder> MeteredModels::encoder(const SpaceRecord& record, const std::string& space,
                                                const Execution& execution) const {
    return std::make_unique<MeteredEncoder>(program_models().encoder(record, space, execution),
                                            metrics_);
}

bool MeteredModels::takes_both(const SpaceRecord& record) const {
    return program_models().takes_both(record);
}

bool MeteredModels::differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const {
    return program_models().differ_harmlessly(one, other);
}

std::unique_ptr<Captioner> MeteredModels::captioner(const CaptionsRecord& record,
                                                    const Execution& execution) const {
    return program_models().captioner(record, execution);
}

}  // namespace pmatch::cli
