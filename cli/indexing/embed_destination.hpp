/// Where the vectors of `embed` go.
#pragma once

#include <memory>
#include <string>

#include "cli/indexing/embed_space.hpp"
#include "cli/indexing/space_encoders.hpp"
#include "data/embeddings/pending_inputs.hpp"

namespace pmatch {

/// The collection's own parts or a shard beside it, and which inputs lack a vector there.
class EmbedDestination {
public:
    virtual ~EmbedDestination() = default;
    virtual PendingCount count() const = 0;
    virtual std::unique_ptr<WorkSource> pending() const = 0;
    virtual EmbeddingSink& sink() = 0;
    virtual void finish() = 0;
};

/// Registers the space, or begins or goes on with the shard; reports damaged parts.
std::unique_ptr<EmbedDestination> embed_destination(Collection& collection,
                                                    const SpaceEncoders& opened,
                                                    const EmbedRequest& request,
                                                    const Observer& observer);

}  // namespace pmatch
