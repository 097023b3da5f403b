/// Internal to the engine: one call of Engine::answer(), from queries to answers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/engine/item_ids.hpp"
#include "core/engine/rank_query.hpp"
#include "core/retrieval/prepared_list.hpp"

namespace pmatch {

/// Single-threaded.
class AnswerRun {
public:
    AnswerRun(const Engine& engine, const RankingPlan& plan, const AnswerOptions& options,
              const Asking& asking);

    Result run(const std::vector<Query>& given);

private:
    using Numbers = std::vector<std::size_t>;
    /// The queries answered by one recipe, and its lists.
    struct Round;

    void choose_recipes();
    std::vector<Source> captions_compared_with(const Query& query) const;
    void add_captions();
    std::vector<PreparedList> prepare(const ResolvedRecipe& choice, const Numbers& which);
    void answer_by(const ResolvedRecipe& choice, const Numbers& which);
    Numbers answer_block(const Round& round, std::span<const std::size_t> block);
    std::vector<QueryLists> retrieve(const Round& round, std::span<const std::size_t> block);
    void rank_one(const Recipe& recipe, QueryLists lists, const RankOptions& options,
                  AnsweredQuery& answered);
    void verify(const Round& round, std::span<const std::size_t> block);
    void rerank(const Round& round, std::span<const std::size_t> block);
    void answer_in_return(const Recipe& recipe, const Numbers& which);
    void name_if_nothing_compared(const ResolvedRecipe& choice, const Query& query,
                                  AnsweredQuery& answered) const;
    void put_identified_first(const ResolvedRecipe& choice, const Numbers& which);
    void take_answers(AnsweredQuery& answered);
    RankOptions rank_options(const Recipe& recipe) const;
    std::optional<std::int64_t> row_of(const Query& query) const;
    void check_not_cancelled() const;

    const Engine& engine_;
    const RankingPlan& plan_;
    const AnswerOptions& options_;
    const Asking& asking_;
    Wanted wanted_;
    std::vector<Query> queries_;
    IdMemo ids_;
    IdOfRow id_of_;
    Result result_;
};

}  // namespace pmatch
