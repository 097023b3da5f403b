/// A list of a recipe and the queries that it is asked, a block of them at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/encoder_pool.hpp"
#include "cli/list_search.hpp"
#include "core/preset.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

struct AskedList {
    ListSearch* search = nullptr;  ///< none when no query has what the list compares
    std::unique_ptr<AskedQueries> queries;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query's number → place in `queries`
};

struct AskedResult {
    std::size_t at = 0;  ///< place in the block
    ListResult result;
};

/// encoders and context must outlive the result.
std::unique_ptr<ListSearch> open_list(const Collection& collection, const ListName& name,
                                      EncoderPool& encoders, Context& context);

/// Throws Error with the command that mends it where the recipe compares every vector of the list
/// and its index does not.
void check_exact(const Collection& collection, const std::string& preset, const ListSpec& spec,
                 const ListName& name, const ListSearch& search);

/// Asks those of queries[which] that have what `spec` compares; opens the list if there are any.
AskedList ask_list(const ListSpec& spec, const std::vector<Query>& queries,
                   std::span<const std::size_t> which, const std::function<ListSearch&()>& open);

/// For each query of the block (numbers of queries) that was asked.
std::vector<AskedResult> search_block(const AskedList& list, std::span<const std::size_t> block,
                                      const ListWanted& wanted);

}  // namespace pmatch::cli
