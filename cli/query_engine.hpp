/// Answers queries against a collection: chooses the recipe, asks its lists, ranks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/encoder_pool.hpp"
#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "cli/query_captioner.hpp"
#include "cli/query_feed.hpp"
#include "cli/rescorer.hpp"
#include "core/preset.hpp"
#include "core/rank_lists.hpp"
#include "core/ranking.hpp"
#include "data/collection.hpp"
#include "data/items.hpp"

namespace pmatch::cli {

class KnownVectors;

/// What the command line says about ranking.
struct RankingOptions {
    std::string preset = "auto";
    std::optional<double> image_weight;
    std::string where;     ///< SQL over the items' fields; empty = all items
    std::string collapse;  ///< a field; empty = what the preset says
    bool exclude_self = false;
    std::optional<double> min_score;
    bool batch = false;             ///< queries that are answered together rank each other's items
    KnownVectors* known = nullptr;  ///< of queries that are items
    std::string features;           ///< a file for the features of all candidates; empty = none
    bool odds = false;       ///< with `batch`: scores are RankedItem::odds where a model has them
    bool rows_only = false;  ///< AnsweredQuery::ranked is all that is wanted
};

struct AnsweredQuery {
    QueryAnswers result;
    Problem problem;                 ///< why it failed, when it did
    std::vector<RankedItem> ranked;  ///< result.answers with what each list did for them
    const Recipe* recipe = nullptr;  ///< the engine's; nullptr when none fitted
};

struct AskedList;

class QueryEngine {
public:
    /// Opens nothing heavy yet: an index and an encoder are loaded when the first query needs
    /// them. Throws UsageError when the collection cannot serve the preset, for a field that is
    /// not there, and for a condition that is none.
    QueryEngine(const Collection& collection, const RankingOptions& options, Context& context);
    ~QueryEngine();
    QueryEngine(const QueryEngine&) = delete;
    QueryEngine& operator=(const QueryEngine&) = delete;

    /// One answer list per query, in their order, at most `top` items each. With
    /// RankingOptions::batch all queries of a file must come in one call.
    std::vector<AnsweredQuery> answer(const std::vector<Query>& queries, int top);

    const Items& items() const { return items_; }

    /// Publishes RankingOptions::features.
    void finish();

private:
    struct Retrieved;
    struct Round;
    using Numbers = std::vector<std::size_t>;

    bool compares_caption_of(const Query& query) const;
    /// Where captions are compared, the queries' pictures are described first.
    std::vector<Query> with_captions(std::vector<Query> queries);
    ListSearch& list(const ListName& name);
    const std::string& id_of(std::int64_t row);
    IdOfRow id_getter();
    std::string cell_of(std::int64_t row, const std::string& field) const;
    void check_field(const std::string& field) const;
    void check_there_is_a_model() const;

    void answer_by(const ResolvedRecipe& choice, const std::vector<Query>& queries,
                   const Numbers& which, int top, std::vector<AnsweredQuery>& answered);
    std::vector<AskedList> ask(const ResolvedRecipe& choice, const std::vector<Query>& queries,
                               const Numbers& which);
    std::vector<Retrieved> retrieve(const Round& round, std::span<const std::size_t> block,
                                    const ListWanted& wanted);
    void rank_one(const Recipe& recipe, Retrieved retrieved, const RankOptions& options,
                  AnsweredQuery& answered);
    std::optional<std::int64_t> row_of(const Query& query) const;
    void answer_in_return(const Recipe& recipe, const Numbers& which, int top,
                          std::vector<AnsweredQuery>& answered);
    void rescore(const Round& round, std::span<const std::size_t> block,
                 std::vector<AnsweredQuery>& answered);
    Rescorer& rescorer_for(const ResolvedRecipe& choice);
    RankOptions rank_options(const Recipe& recipe, int top) const;
    void take_answers(AnsweredQuery& answered);
    Numbers answer_block(const Round& round, std::span<const std::size_t> block,
                         std::vector<AnsweredQuery>& answered);

    const Collection& collection_;
    RankingOptions options_;
    Context& context_;
    Preset preset_;
    Items items_;
    EncoderPool encoders_;
    std::optional<RowSet> allowed_;
    std::optional<QueryCaptioner> captioner_;
    std::optional<FeatureFile> features_;
    std::map<const ResolvedRecipe*, Rescorer> rescorers_;
    std::map<ListName, std::unique_ptr<ListSearch>> lists_;
    std::unordered_map<std::int64_t, std::string> ids_;  ///< of the rows met so far
};

}  // namespace pmatch::cli
