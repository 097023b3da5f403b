#include "core/engine/answer_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "core/common/stopwatch.hpp"
#include "core/ranking/exact_first.hpp"
#include "core/retrieval/shared_encoder.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kHitsInMemory = std::int64_t{1} << 22U;  // 16 bytes each
constexpr int kGrowth = 4;

/// What the query gives to compare.
std::string parts_phrase(const Query& query) {
    const bool picture = !query.pictures.empty();
    const bool text = says_something(query.text);
    if (!picture && !text && !query.text.empty()) return "a text without a letter or number";
    if (picture && text) return "a picture and a text";
    if (picture) return "a picture";
    return text ? "a text" : "neither picture nor text";
}

/// Deeper lists may contain more answers.
bool may_have_more(const std::vector<std::vector<Neighbour>>& lists, int depth) {
    return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
        return list.size() >= static_cast<std::size_t>(depth);
    });
}

Problem nothing_to_compare(const Query& query, const std::string& preset) {
    return {"nothing_to_compare",
            fmt::format("this query has {}, and preset {} compares nothing of it in this "
                        "collection (`pmatch status` lists its spaces)",
                        parts_phrase(query), preset)};
}

/// The captions that the list compares: an identifier may be in any of its sources.
std::vector<Source> captions_of(const ListSpec& list) {
    std::vector<Source> captions;
    if (list.source.is_caption()) captions.push_back(list.source);
    if (list.kind != ListKind::kExact) return captions;
    std::copy_if(list.other_sources.begin(), list.other_sources.end(), std::back_inserter(captions),
                 [](const Source& source) { return source.is_caption(); });
    return captions;
}

}  // namespace

struct AnswerRun::Round {
    const ResolvedRecipe& choice;
    std::vector<PreparedList> lists;
    int candidates = 0;

    /// Number of hits that the lists hold for one query.
    std::int64_t width(const Wanted& wanted) const {
        std::int64_t widest = 1;
        for (const auto& one : lists) {
            if (one.retriever != nullptr) widest = std::max(widest, one.retriever->count());
        }
        if (!choice.recipe.wants_complete_lists()) {
            const std::int64_t depth = wanted.depth(choice.recipe, candidates);
            widest = std::min(widest, depth);
        }
        return widest * static_cast<std::int64_t>(lists.size());
    }
};

AnswerRun::AnswerRun(const Engine& engine, const RankingPlan& plan, const AnswerOptions& options,
                     const Asking& asking)
    : engine_(engine),
      plan_(plan),
      options_(options),
      asking_(asking),
      wanted_{options.top, plan.options.batch, plan.options.exclude_self},
      ids_([this](std::int64_t row) { return engine_.id_of(row); }),
      id_of_(ids_.getter()) {}

Result AnswerRun::run(const std::vector<Query>& given) {
    queries_ = given;
    result_.warnings = plan_.warnings;
    result_.answers.resize(queries_.size());
    const Stopwatch watch;
    add_captions();
    result_.timings.prepare = watch.milliseconds();
    choose_recipes();
    if (options_.rows_only) return std::move(result_);
    for (auto& one : result_.answers)
        take_answers(one);
    return std::move(result_);
}

/// The captions in the lists of the recipe for this query, for which its picture must be captioned.
std::vector<Source> AnswerRun::captions_compared_with(const Query& query) const {
    std::vector<Source> captions;
    if (query.pictures.empty()) return captions;
    const auto* choice = plan_.preset().choice_for([&](const ListSpec& list) {
        return !captions_of(list).empty() || has_input_for(list, query);
    });
    if (choice == nullptr) return captions;
    const auto add = [&](const ListSpec& list) {
        for (auto& source : captions_of(list)) {
            if (engine_.source().has_captions(source)) captions.push_back(std::move(source));
        }
    };
    for (const auto& list : choice->recipe.lists)
        add(list);
    if (choice->exact) add(choice->exact->spec);
    return captions;
}

/// Captions the queries' pictures if captions are compared.
void AnswerRun::add_captions() {
    std::map<std::string, Numbers> wanted;  // by Source::name()
    for (std::size_t i = 0; i < queries_.size(); ++i) {
        for (const auto& captions : captions_compared_with(queries_[i])) {
            auto& numbers = wanted[captions.name()];
            if (numbers.empty() || numbers.back() != i) numbers.push_back(i);
        }
    }
    for (const auto& [name, which] : wanted) {
        std::vector<Query> described;
        for (const auto number : which)
            described.push_back(queries_[number]);
        engine_.describe(described, Source::parse(name), asking_);
        for (std::size_t i = 0; i < which.size(); ++i)
            queries_[which[i]] = std::move(described[i]);
    }
}

void AnswerRun::choose_recipes() {
    std::map<const ResolvedRecipe*, Numbers> by_choice;
    const auto& preset = plan_.preset();
    for (std::size_t i = 0; i < queries_.size(); ++i) {
        const auto& query = queries_[i];
        auto& answered = result_.answers[i];
        answered.result.query = query.id;
        answered.problem = query.problem;
        if (query.problem.code.empty()) {
            const auto* choice =
                preset.choice_for([&](const ListSpec& list) { return has_input_for(list, query); });
            if (choice != nullptr) {
                answered.recipe = plan_.recipe(*choice);
                by_choice[choice].push_back(i);
                continue;
            }
            answered.problem = nothing_to_compare(query, preset.name());
        }
        answered.result.failed = true;
    }
    for (const auto& [choice, which] : by_choice)
        answer_by(*choice, which);
}

std::vector<PreparedList> AnswerRun::prepare(const ResolvedRecipe& choice, const Numbers& which) {
    const Stopwatch watch;
    std::vector<PreparedList> lists;
    double weight = 0;
    for (std::size_t i = 0; i < choice.names.size(); ++i) {
        check_not_cancelled();
        const auto& spec = choice.recipe.lists[i];
        const auto open = [&]() -> const Retriever& {
            return engine_.retriever(choice.recipe, spec, choice.names[i], asking_.execution);
        };
        lists.push_back(prepare_list(spec, queries_, which, open, asking_));
        if (lists.back().retriever != nullptr) weight += spec.weight;
    }
    if (weight == 0) {
        asking_.execution.observer.warning(
            fmt::format("preset {} gives weight 0 to all that these queries can be compared with: "
                        "every score is 0",
                        choice.recipe.name));
    }
    result_.timings.prepare += watch.milliseconds();
    return lists;
}

void AnswerRun::answer_by(const ResolvedRecipe& choice, const Numbers& which) {
    Round round{choice, prepare(choice, which), wanted_.candidates(choice.recipe)};
    for (auto pending = which; !pending.empty();) {
        const auto at_once = static_cast<std::size_t>(
            std::max<std::int64_t>(1, kHitsInMemory / round.width(wanted_)));
        Numbers again;
        for (std::size_t start = 0; start < pending.size(); start += at_once) {
            check_not_cancelled();
            const auto block =
                std::span(pending).subspan(start, std::min(at_once, pending.size() - start));
            const auto unfinished = answer_block(round, block);
            again.insert(again.end(), unfinished.begin(), unfinished.end());
        }
        pending = std::move(again);
        round.candidates = static_cast<int>(std::min<std::int64_t>(
            std::int64_t{round.candidates} * kGrowth, engine_.items().count() + 1));
    }
    if (wanted_.batch) answer_in_return(choice.recipe, which);
    if (choice.exact) put_identified_first(choice, which);
}

/// Queries every list of the recipe for the block.
std::vector<QueryLists> AnswerRun::retrieve(const Round& round,
                                            std::span<const std::size_t> block) {
    const Stopwatch watch;
    const auto& recipe = round.choice.recipe;
    const RetrievalRequest request{wanted_.depth(recipe, round.candidates),
                                   recipe.wants_complete_lists(), plan_.allowed};
    std::vector<QueryLists> retrieved(block.size(), QueryLists(recipe));
    for (std::size_t l = 0; l < recipe.lists.size(); ++l) {
        for (auto& [at, result] : retrieve_block(round.lists[l], block, request))
            retrieved[at].take(l, recipe.lists[l], std::move(result));
    }
    result_.timings.retrieve += watch.milliseconds();
    return retrieved;
}

/// Returns the queries of the block that need deeper lists to give enough answers.
AnswerRun::Numbers AnswerRun::answer_block(const Round& round, std::span<const std::size_t> block) {
    const auto& recipe = round.choice.recipe;
    auto retrieved = retrieve(round, block);
    const Stopwatch watch;
    auto options = candidate_options(recipe, wanted_, round.candidates);
    const auto last = rank_options(recipe);
    if (!wanted_.batch && !scores_change(recipe)) {
        options.min_score = last.min_score;
        options.group_of = last.group_of;
    }
    const bool may_repeat = !wanted_.batch && last.group_of && !recipe.wants_complete_lists() &&
                            round.candidates < engine_.items().count();
    const int depth = wanted_.depth(recipe, round.candidates);
    std::vector<bool> deeper(block.size());
    for (std::size_t i = 0; i < block.size(); ++i) {
        auto& one = retrieved[i];
        deeper[i] = may_repeat && may_have_more(one.lists, depth);
        options.exclude.reset();
        if (wanted_.exclude_self) options.exclude = row_of(queries_[block[i]]);
        rank_one(recipe, std::move(one), options, result_.answers[block[i]]);
    }
    if (recipe.verify || round.choice.would_verify) verify(round, block);
    if (recipe.rescore) rerank(round, block);
    Numbers again;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto& one = result_.answers[block[i]];
        const auto top = static_cast<std::size_t>(wanted_.top);
        if (deeper[i] && !one.result.failed && one.ranked.size() < top) again.push_back(block[i]);
    }
    result_.timings.rank += watch.milliseconds();
    asking_.execution.observer.detail(fmt::format("query: preset {}: {} queries: fuse {:.2f} ms",
                                                  recipe.name, block.size(), watch.milliseconds()));
    return again;
}

void AnswerRun::rank_one(const Recipe& recipe, QueryLists lists, const RankOptions& options,
                         AnsweredQuery& answered) {
    answered.result.failed = lists.failed();
    answered.problem = std::move(lists.problem);
    if (answered.result.failed) return;
    answered.ranked = rank_lists(recipe, std::move(lists.lists), options, id_of_);
}

/// Compares the pictures of the best candidates of each query with the query's. A re-ranker or the
/// ranks of a batch choose the answers later.
void AnswerRun::verify(const Round& round, std::span<const std::size_t> block) {
    const auto& recipe = round.choice.recipe;
    const PictureVerifier* verifier = nullptr;
    const auto options = wanted_.batch || recipe.rescore ? every_candidate() : rank_options(recipe);
    for (const auto number : block) {
        auto& answered = result_.answers[number];
        if (!queries_[number].pictures.empty()) {
            check_not_cancelled();
            if (verifier == nullptr)
                verifier =
                    &plan_.served->verifier(engine_.source(), round.choice, asking_.execution);
            verifier->verify(queries_[number], answered.ranked, asking_.execution);
        }
        if (recipe.verify) order_answers(answered.ranked, recipe, options, id_of_);
    }
}

/// Scores the candidates of the block with the recipe's model. In a batch the best of them are kept
/// for answer_in_return().
void AnswerRun::rerank(const Round& round, std::span<const std::size_t> block) {
    const auto& recipe = round.choice.recipe;
    std::vector<const Query*> queries;
    std::vector<Candidates*> pools;
    for (const auto number : block) {
        queries.push_back(&queries_[number]);
        pools.push_back(&result_.answers[number].ranked);
    }
    plan_.served->reranker(engine_.source(), round.choice, asking_.execution)
        .score(queries, pools, wanted_.batch ? wanted_.top : round.candidates, options_.features,
               asking_.execution);
    const auto options = wanted_.batch ? kept_for_batch(recipe, wanted_.top) : rank_options(recipe);
    for (auto* pool : pools)
        order_answers(*pool, recipe, options, id_of_);
}

/// Once all candidates are known: computes reciprocal ranks, then chooses the answers.
void AnswerRun::answer_in_return(const Recipe& recipe, const Numbers& which) {
    const Stopwatch watch;
    std::vector<Candidates> candidates;
    for (const auto number : which)
        candidates.push_back(std::move(result_.answers[number].ranked));
    score_in_batch(recipe, candidates);
    auto options = rank_options(recipe);
    const bool by_odds = options_.odds && recipe.rescore && !recipe.rescore->odds.empty();
    if (by_odds && !options.min_score)  // the recipe's threshold is for another score
        options.min_score = std::numeric_limits<double>::lowest();
    for (std::size_t i = 0; i < which.size(); ++i) {
        auto& one = result_.answers[which[i]];
        one.ranked = std::move(candidates[i]);
        if (by_odds) {
            for (auto& item : one.ranked)
                item.score = item.odds;
        }
        order_answers(one.ranked, recipe, options, id_of_);
    }
    result_.timings.rank += watch.milliseconds();
    asking_.execution.observer.detail(
        fmt::format("query: preset {}: {} queries: rank in return {:.2f} ms", recipe.name,
                    which.size(), watch.milliseconds()));
}

/// A query may have been given to a recipe for its identifier alone.
void AnswerRun::name_if_nothing_compared(const ResolvedRecipe& choice, const Query& query,
                                         AnsweredQuery& answered) const {
    const auto& lists = choice.recipe.lists;
    if (std::any_of(lists.begin(), lists.end(),
                    [&](const ListSpec& list) { return has_input_for(list, query); })) {
        return;
    }
    answered.problem = nothing_to_compare(query, plan_.preset().name());
    answered.result.failed = true;
}

/// Also answers queries that could not be answered otherwise, of which the problem is still told.
void AnswerRun::put_identified_first(const ResolvedRecipe& choice, const Numbers& which) {
    const auto open = [&]() -> const Retriever& {
        return engine_.retriever(choice.exact->id, asking_.execution);
    };
    const auto list = prepare_list(choice.exact->spec, queries_, which, open, asking_);
    const RetrievalRequest request{wanted_.top, false, plan_.allowed};
    const auto options = rank_options(choice.recipe);
    for (auto& [at, result] : retrieve_block(list, which, request)) {
        auto& answered = result_.answers[which[at]];
        auto& hits = result.found;
        if (wanted_.exclude_self) {
            const auto self = row_of(queries_[which[at]]);
            std::erase_if(hits, [&](const Neighbour& hit) { return hit.row == self; });
        }
        if (hits.empty()) {
            name_if_nothing_compared(choice, queries_[which[at]], answered);
            continue;
        }
        answered.result.failed = false;
        put_exact_first(answered.ranked, hits, choice.recipe.lists.size(), options, id_of_);
    }
}

void AnswerRun::take_answers(AnsweredQuery& answered) {
    for (const auto& item : answered.ranked)
        answered.result.answers.push_back({ids_.of(item.row), static_cast<float>(item.score)});
}

RankOptions AnswerRun::rank_options(const Recipe& recipe) const {
    auto options = plan_.rank_options(wanted_.top);
    const auto& field = plan_.group_field(recipe);
    if (field.empty()) return options;
    options.group_of = [this, field](std::int64_t row) {
        for (auto& [name, cell] : engine_.items().fields_of(row)) {
            if (name == field) return std::move(cell);
        }
        return std::string();
    };
    return options;
}

/// The item that the query is, or that has its id.
std::optional<std::int64_t> AnswerRun::row_of(const Query& query) const {
    return query.row >= 0 ? query.row : engine_.items().row_of(query.id);
}

void AnswerRun::check_not_cancelled() const {
    if (asking_.cancelled.stop_requested()) throw Cancelled();
}

}  // namespace pmatch
