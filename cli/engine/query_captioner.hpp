/// Captions the pictures of queries with the catalog's captioner, for comparison with its captions.
#pragma once

#include <memory>
#include <vector>

#include "cli/engine/model_opener.hpp"
#include "core/engine/collection_source.hpp"

namespace pmatch {

class QueryCaptioner : public QueryDescriber {
public:
    /// Loads the model for the first picture; `models` and the observer of `loading` must outlive
    /// this object.
    QueryCaptioner(Source captions, CaptionsRecord record, const ModelOpener& models,
                   Execution loading);

    void describe(std::vector<Query>& queries, const Asking& asking) override;

private:
    Source captions_;
    CaptionsRecord record_;
    const ModelOpener& models_;
    Execution loading_;
    std::unique_ptr<Captioner> captioner_;
};

}  // namespace pmatch
