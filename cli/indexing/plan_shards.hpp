/// Decides how a space is embedded in shards, and what one will take; implements `pmatch plan`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/indexing/embed_space.hpp"

namespace pmatch {

struct PlanRequest {
    EmbedRequest embed = {};
    int shards = 1;
    double seconds = 20;  ///< at most so long a sample is embedded; 0 = none, so no rate is known
};

/// Counts and measurements; sizes in bytes, times in seconds.
struct ShardPlan {
    std::string space;
    SpaceRecord record;  ///< decided, and registered in the collection
    std::string device;
    std::int64_t inputs = 0;  ///< of the space
    std::int64_t done = 0;    ///< of them with a vector
    int window_rows = 0;
    std::vector<std::int64_t> shares;  ///< by shard, inputs still to be embedded

    std::int64_t sampled = 0;  ///< inputs of the sample
    double sample_seconds = 0;
    double load_seconds = 0;    ///< to open the model
    std::int64_t memory = 0;    ///< peak of this process, model and pipeline
    double bytes_an_input = 0;  ///< of vectors and keys in a part

    std::int64_t largest() const;                  ///< share
    double rate() const;                           ///< inputs a second; 0 = unknown
    double seconds(std::int64_t inputs) const;     ///< of a shard, with the model's opening
    std::int64_t disk(std::int64_t inputs) const;  ///< of a shard's parts
};

/// Registers the space with the precision chosen here, so that every shard takes it, and embeds a
/// sample of windows, which is thrown away. Errors as embed_space().
ShardPlan plan_shards(Collection& collection, const EncoderModel& model, const PlanRequest& request,
                      const Execution& execution);

}  // namespace pmatch
