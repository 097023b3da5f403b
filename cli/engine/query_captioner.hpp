/// Describes the pictures of queries as those of the catalog were described, so that they can be
/// compared with captions.
#pragma once

#include <memory>
#include <vector>

#include "cli/engine/model_opener.hpp"
#include "core/engine/collection_source.hpp"

namespace pmatch {

class QueryCaptioner : public QueryDescriber {
public:
    /// Loads the model when the first picture comes; `models` and what `loading` names outlive
    /// this.
    QueryCaptioner(CaptionsRecord record, const ModelOpener& models, Execution loading);

    void describe(std::vector<Query>& queries, const Asking& asking) override;

private:
    CaptionsRecord record_;
    const ModelOpener& models_;
    Execution loading_;
    std::unique_ptr<Captioner> captioner_;
};

}  // namespace pmatch
