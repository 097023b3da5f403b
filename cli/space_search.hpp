/// Ranks items by the vectors of a space.
#pragma once

#include <memory>
#include <string>

#include "cli/encoder_pool.hpp"
#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Loads the space's index, and its encoder if the pool has not got it.
std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              EncoderPool& encoders, Context& context);

}  // namespace pmatch::cli
