/// Describes the pictures of queries as those of the catalog were described, so that they can be
/// compared with captions.
#pragma once

#include <memory>
#include <vector>

#include "cli/job.hpp"
#include "cli/query_feed.hpp"
#include "core/captioner.hpp"
#include "data/manifest.hpp"

namespace pmatch::cli {

class QueryCaptioner {
public:
    /// Loads the model when the first picture comes.
    QueryCaptioner(const CaptionsRecord& record, Context& context);

    /// Gives queries that have pictures, and no column `caption` of their own, that column. One
    /// whose pictures give no caption stays as it is; the reason is said. Throws Error when the
    /// package is no longer the one that wrote the collection's captions.
    void describe(std::vector<Query>& queries);

private:
    void load();

    CaptionsRecord record_;
    Context& context_;
    std::unique_ptr<Captioner> captioner_;
};

}  // namespace pmatch::cli
