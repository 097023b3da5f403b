/// Models whose encoders count what they encode.
#pragma once

#include <memory>
#include <string>

#include "cli/engine/model_opener.hpp"
#include "cli/serve/metrics/server_metrics.hpp"

namespace pmatch::cli {

/// The program's models; `metrics` receives the size of every batch and must outlive the encoders.
class MeteredModels : public ModelOpener {
public:
    explicit MeteredModels(ServerMetrics& metrics) : metrics_(metrics) {}

    std::unique_ptr<Encoder> encoder(const SpaceRecord& record, const std::string& space,
                                     const Execution& execution) const override;
    bool takes_both(const SpaceRecord& record) const override;
    bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const override;
    std::unique_ptr<Captioner> captioner(const CaptionsRecord& record,
                                         const Execution& execution) const override;

private:
    ServerMetrics& metrics_;
};

}  // namespace pmatch::cli
