/// Ranks items by the vectors of a space.
#pragma once

#include <memory>
#include <string>

#include "cli/encoder_pool.hpp"
#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Loads the space's index, and its encoder if the pool has not got it. Where the pool knows
/// vectors the encoder waits until a query comes that is no item, or that is compared with what its
/// item has no vectors of.
std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              EncoderPool& encoders, Context& context);

}  // namespace pmatch::cli
