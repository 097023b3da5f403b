/// Ranks items by the vectors of a space.
#pragma once

#include <memory>
#include <string>

#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Loads the space's index and its encoder.
std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              Context& context);

}  // namespace pmatch::cli
