/// Answers queries against a collection: picks the list, searches, ranks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "cli/query_captioner.hpp"
#include "cli/query_feed.hpp"
#include "core/preset.hpp"
#include "core/ranking.hpp"
#include "data/collection.hpp"
#include "data/items.hpp"

namespace pmatch::cli {

struct AnsweredQuery {
    QueryAnswers result;
    Problem problem;  ///< why it failed, when it did
};

class QueryEngine {
public:
    /// Opens nothing heavy yet: an index and an encoder are loaded when the first query needs
    /// them. Throws UsageError when no space of the collection can serve the preset.
    QueryEngine(const Collection& collection, const std::string& preset, Context& context);
    ~QueryEngine();
    QueryEngine(const QueryEngine&) = delete;
    QueryEngine& operator=(const QueryEngine&) = delete;

    /// One answer list per query, in their order, at most `top` items each.
    std::vector<AnsweredQuery> answer(const std::vector<Query>& queries, int top);

    /// What a person wants to read beside an item's id; empty when it has no text.
    std::string title_of(const std::string& id) const;

private:
    bool is_of_captions(const ListName& name) const;
    /// Where captions are compared, the queries' pictures are described first.
    std::vector<Query> with_captions(std::vector<Query> queries);
    ListSearch& list(const ListName& name);
    const std::string& id_of(std::int64_t row);

    const Collection& collection_;
    Context& context_;
    Preset preset_;
    Items items_;
    std::optional<QueryCaptioner> captioner_;
    std::map<ListName, std::unique_ptr<ListSearch>> lists_;
    std::map<std::int64_t, std::string> ids_;  ///< of the rows met so far
};

}  // namespace pmatch::cli
