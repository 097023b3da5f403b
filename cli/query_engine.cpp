#include "cli/query_engine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "cli/lexical_search.hpp"
#include "cli/space_search.hpp"
#include "cli/stopwatch.hpp"
#include "core/rank_in_return.hpp"
#include "data/caption_store.hpp"
#include "data/item_filter.hpp"

namespace pmatch::cli {
namespace {

constexpr std::int64_t kHitsInMemory = std::int64_t{1} << 22U;  // 16 bytes each
constexpr int kGrowth = 4;
/// --batch: answers that a query and its items look at, and what the items' view weighs.
constexpr int kBatchCandidates = 100;
constexpr double kReturnWeight = 0.4;

/// A picture's weight needs a preset that uses picture and text together.
std::string preset_name(const RankingOptions& options) {
    return options.image_weight && options.preset == "auto" ? "multimodal" : options.preset;
}

std::vector<SpaceSummary> summaries(const Manifest& manifest, const std::string& preset) {
    std::vector<SpaceSummary> lists;
    for (const auto& [name, record] : manifest.spaces)
        lists.push_back({name, record.source});
    for (const auto& [name, record] : manifest.lexical)
        lists.push_back({name, record.source, record.analyser});
    const bool is_list = std::any_of(lists.begin(), lists.end(),
                                     [&](const auto& list) { return list.name == preset; });
    const auto recipe = is_list ? std::nullopt : find_recipe(preset);
    if (!recipe || !asks_for_both_towers(*recipe)) return lists;
    for (auto& list : lists) {
        if (list.analyser.empty())
            list.both_towers = has_both_towers(manifest.spaces.at(list.name));
    }
    return lists;
}

std::string parts_phrase(bool picture, bool text) {
    if (picture && text) return "a picture and a text";
    if (picture) return "a picture";
    return text ? "a text" : "neither picture nor text";
}

/// A query may be asked again, deeper: its lists may hold more than they gave.
bool may_have_more(const std::vector<std::vector<Neighbour>>& lists, int depth) {
    return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
        return list.size() >= static_cast<std::size_t>(depth);
    });
}

}  // namespace

/// One list of a recipe and the queries that it was asked.
struct QueryEngine::AskedList {
    ListSearch* search = nullptr;
    std::unique_ptr<AskedQueries> asked;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query's number → place in `asked`
};

/// What the lists of a recipe gave for one query.
struct QueryEngine::Retrieved {
    std::vector<std::vector<Neighbour>> lists;
    Problem problem;
    bool lost = false;  ///< a list that the recipe needs failed
};

struct QueryEngine::Round {
    const ResolvedRecipe& choice;
    const std::vector<Query>& queries;
    std::vector<AskedList>& lists;
    int top = 0;
    int candidates = 0;
};

QueryEngine::QueryEngine(const Collection& collection, const RankingOptions& options,
                         Context& context)
    : collection_(collection),
      options_(options),
      context_(context),
      preset_(preset_name(options), summaries(collection.manifest(), preset_name(options))),
      items_(collection),
      encoders_(context, options.known) {
    if (options_.image_weight) preset_.set_image_weight(*options_.image_weight);
    for (const auto& choice : preset_.choices())
        check_field(choice.recipe.collapse);
    check_field(options_.collapse);
    if (options_.where.empty()) return;
    const Stopwatch watch;
    allowed_ = rows_where(collection, options_.where);
    context_.console.detail(fmt::format("query: --where: {} of {} items, {:.1f} ms",
                                        grouped(allowed_->size()), grouped(items_.count()),
                                        watch.milliseconds()));
    if (allowed_->size() == 0) context_.console.warning("--where holds for none of the items");
}

QueryEngine::~QueryEngine() = default;

void QueryEngine::check_field(const std::string& field) const {
    if (field.empty()) return;
    std::vector<std::string> names;
    for (const auto& one : collection_.manifest().items.fields)
        names.push_back(one.name);
    if (std::find(names.begin(), names.end(), field) != names.end()) return;
    throw UsageError{fmt::format("the items have no field '{}' to collapse by", field),
                     fmt::format("name one of: {}", fmt::join(names, ", "))};
}

ListSearch& QueryEngine::list(const ListName& name) {
    auto& search = lists_[name];
    if (!search) {
        search = name.lexical ? open_lexical_search(collection_, name.name, context_)
                              : open_space_search(collection_, name.name, encoders_, context_);
        if (allowed_) search->restrict_to(*allowed_);
    }
    return *search;
}

const std::string& QueryEngine::id_of(std::int64_t row) {
    auto& id = ids_[row];
    if (id.empty()) id = items_.id_of(row);
    return id;
}

IdOfRow QueryEngine::id_getter() {
    return [this](std::int64_t row) -> const std::string& { return id_of(row); };
}

std::string QueryEngine::cell_of(std::int64_t row, const std::string& field) const {
    for (auto& [name, cell] : items_.fields_of(row)) {
        if (name == field) return std::move(cell);
    }
    return {};
}

/// The recipe for this query has a list of captions, which its picture would be described for.
bool QueryEngine::compares_caption_of(const Query& query) const {
    if (query.pictures.empty()) return false;
    const auto of_captions = [](const ListSpec& list) { return list.source == kCaptionSource; };
    const auto* choice = preset_.choice_for(
        [&](const ListSpec& list) { return of_captions(list) || has_input_for(list, query); });
    return choice != nullptr &&
           std::any_of(choice->recipe.lists.begin(), choice->recipe.lists.end(), of_captions);
}

std::vector<Query> QueryEngine::with_captions(std::vector<Query> queries) {
    const auto& captions = collection_.manifest().captions;
    if (!captions) return queries;
    Numbers which;
    std::vector<Query> described;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!compares_caption_of(queries[i])) continue;
        which.push_back(i);
        described.push_back(queries[i]);
    }
    if (which.empty()) return queries;
    if (!captioner_) captioner_.emplace(*captions, context_);
    captioner_->describe(described);
    for (std::size_t i = 0; i < which.size(); ++i)
        queries[which[i]] = std::move(described[i]);
    return queries;
}

std::vector<AnsweredQuery> QueryEngine::answer(const std::vector<Query>& given, int top) {
    const auto queries = with_captions(given);
    std::vector<AnsweredQuery> answered(queries.size());
    std::map<const ResolvedRecipe*, Numbers> by_choice;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto& query = queries[i];
        auto& [result, problem, ranked, recipe] = answered[i];
        result.query = query.id;
        problem = query.problem;
        if (problem.code.empty()) {
            const auto* choice = preset_.choice_for(
                [&](const ListSpec& list) { return has_input_for(list, query); });
            if (choice != nullptr) {
                recipe = &choice->recipe;
                by_choice[choice].push_back(i);
                continue;
            }
            problem = {
                "nothing_to_compare",
                fmt::format("this query has {}, and preset {} compares nothing of it in this "
                            "collection (`pmatch status` lists its spaces)",
                            parts_phrase(!query.pictures.empty(), !query.text.empty()),
                            preset_.name())};
        }
        result.failed = true;
    }
    for (const auto& [choice, which] : by_choice)
        answer_by(*choice, queries, which, top, answered);
    return answered;
}

std::vector<QueryEngine::AskedList> QueryEngine::ask(const ResolvedRecipe& choice,
                                                     const std::vector<Query>& queries,
                                                     const Numbers& which) {
    std::vector<AskedList> lists(choice.names.size());
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const auto& spec = choice.recipe.lists[i];
        std::vector<const Query*> asked;
        for (const auto number : which) {
            if (!has_input_for(spec, queries[number])) continue;
            lists[i].places[number] = asked.size();
            asked.push_back(&queries[number]);
        }
        if (asked.empty()) continue;
        lists[i].search = &list(choice.names[i]);
        if (spec.exact && !lists[i].search->exact()) {
            throw Error{fmt::format("preset '{}' compares every vector of space '{}', whose index "
                                    "does not",
                                    choice.recipe.name, choice.names[i].name),
                        collection_.directory().string(),
                        fmt::format("pmatch build-index {} --space {} --layout Flat",
                                    collection_.directory().string(), choice.names[i].name)};
        }
        lists[i].asked = lists[i].search->ask(asked, spec.query);
    }
    return lists;
}

void QueryEngine::answer_by(const ResolvedRecipe& choice, const std::vector<Query>& queries,
                            const Numbers& which, int top, std::vector<AnsweredQuery>& answered) {
    auto lists = ask(choice, queries, which);
    std::int64_t widest = 1;
    for (const auto& one : lists) {
        if (one.search != nullptr) widest = std::max(widest, one.search->count());
    }
    const int candidates = options_.batch ? std::max(top, kBatchCandidates) : top;
    Round round{choice, queries, lists, top, candidates};
    for (auto pending = which; !pending.empty();) {
        const std::int64_t depth = list_depth(choice.recipe.fusion, round.candidates);
        const auto hits = choice.recipe.wants_complete_lists() ? widest : std::min(widest, depth);
        const auto at_once = static_cast<std::size_t>(std::max<std::int64_t>(
            1, kHitsInMemory / (hits * static_cast<std::int64_t>(lists.size()))));
        Numbers again;
        for (std::size_t start = 0; start < pending.size(); start += at_once) {
            const auto block =
                std::span(pending).subspan(start, std::min(at_once, pending.size() - start));
            const auto unfinished = answer_block(round, block, answered);
            again.insert(again.end(), unfinished.begin(), unfinished.end());
        }
        pending = std::move(again);
        round.candidates = static_cast<int>(
            std::min<std::int64_t>(std::int64_t{round.candidates} * kGrowth, items_.count() + 1));
    }
    if (options_.batch) answer_in_return(choice.recipe, which, top, answered);
}

/// All candidates are there: the items rank the queries, then the answers are chosen.
void QueryEngine::answer_in_return(const Recipe& recipe, const Numbers& which, int top,
                                   std::vector<AnsweredQuery>& answered) {
    const Stopwatch watch;
    std::vector<Candidates> candidates;
    for (const auto number : which)
        candidates.push_back(std::move(answered[number].ranked));
    if (recipe.rescore) {
        score_in_return(*recipe.rescore, candidates);
    } else {
        rank_in_return(candidates, kReturnWeight);
    }
    const auto options = rank_options(recipe, top);
    for (std::size_t i = 0; i < which.size(); ++i) {
        auto& one = answered[which[i]];
        one.ranked = std::move(candidates[i]);
        order_answers(one.ranked, recipe, options, id_getter());
        take_answers(one);
    }
    context_.console.detail(fmt::format("query: preset {}: {} queries: rank in return {:.2f} ms",
                                        recipe.name, which.size(), watch.milliseconds()));
}

RankOptions QueryEngine::rank_options(const Recipe& recipe, int top) const {
    RankOptions options;
    options.top = top;
    options.min_score = options_.min_score;
    const auto& field = options_.collapse.empty() ? recipe.collapse : options_.collapse;
    if (!field.empty()) {
        options.group_of = [this, field](std::int64_t row) { return cell_of(row, field); };
    }
    return options;
}

/// Asks every list of the recipe for the block's queries.
std::vector<QueryEngine::Retrieved> QueryEngine::retrieve(const Round& round,
                                                          std::span<const std::size_t> block,
                                                          const ListWanted& wanted) {
    const auto& specs = round.choice.recipe.lists;
    std::vector<Retrieved> retrieved(block.size());
    for (auto& one : retrieved)
        one.lists.resize(specs.size());
    for (std::size_t l = 0; l < specs.size(); ++l) {
        const auto& list = round.lists[l];
        Numbers places;
        Numbers owners;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto place = list.places.find(block[i]);
            if (place == list.places.end()) continue;
            places.push_back(place->second);
            owners.push_back(i);
        }
        if (places.empty()) continue;
        auto found = list.asked->search(places, wanted);
        for (std::size_t j = 0; j < found.size(); ++j) {
            auto& one = retrieved[owners[j]];
            one.lists[l] = std::move(found[j].found);
            if (found[j].problem.code.empty()) continue;
            one.problem = std::move(found[j].problem);
            if (one.lists[l].empty() && specs[l].required) one.lost = true;
        }
    }
    return retrieved;
}

/// Those of the block that need deeper lists for as many answers as are wanted.
QueryEngine::Numbers QueryEngine::answer_block(const Round& round,
                                               std::span<const std::size_t> block,
                                               std::vector<AnsweredQuery>& answered) {
    const auto& recipe = round.choice.recipe;
    const int depth = list_depth(recipe.fusion, round.candidates) + (options_.exclude_self ? 1 : 0);
    const ListWanted wanted{depth, recipe.wants_complete_lists()};
    auto retrieved = retrieve(round, block, wanted);
    const Stopwatch watch;
    RankOptions options;
    if (options_.batch || recipe.rescore) {  // candidates first; what scores them chooses
        options.top = recipe.rescore ? std::numeric_limits<int>::max() : depth;
        options.min_score = std::numeric_limits<double>::lowest();
    } else {
        options = rank_options(recipe, round.top);
    }
    options.candidates = round.candidates;
    std::vector<char> deeper(block.size());
    for (std::size_t i = 0; i < block.size(); ++i) {
        auto& one = retrieved[i];
        deeper[i] = !options_.batch && rank_options(recipe, round.top).group_of &&
                    !wanted.complete && may_have_more(one.lists, depth) &&
                    round.candidates < items_.count();
        rank_one(recipe, std::move(one), options, answered[block[i]]);
    }
    if (recipe.rescore) rescore(round, block, answered);
    Numbers again;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const bool more = deeper[i] != 0;
        const auto& result = answered[block[i]].result;
        const auto top = static_cast<std::size_t>(round.top);
        if (more && !result.failed && result.answers.size() < top) again.push_back(block[i]);
    }
    context_.console.detail(fmt::format("query: preset {}: {} queries: fuse {:.2f} ms", recipe.name,
                                        block.size(), watch.milliseconds()));
    return again;
}

void QueryEngine::rank_one(const Recipe& recipe, Retrieved retrieved, RankOptions& options,
                           AnsweredQuery& answered) {
    auto& [result, problem, ranked, used] = answered;
    problem = std::move(retrieved.problem);
    const bool empty = std::all_of(retrieved.lists.begin(), retrieved.lists.end(),
                                   [](const auto& list) { return list.empty(); });
    // A query with several pictures is answered by those that could be read.
    result.failed = !problem.code.empty() && (empty || retrieved.lost);
    if (result.failed) return;
    options.exclude.reset();
    if (options_.exclude_self) options.exclude = items_.row_of(result.query);
    ranked = rank_lists(recipe, std::move(retrieved.lists), options, id_getter());
    if (!recipe.rescore) take_answers(answered);
}

Rescorer& QueryEngine::rescorer_for(const ResolvedRecipe& choice) {
    const auto at = rescorers_.find(&choice);
    if (at != rescorers_.end()) return at->second;
    if (!options_.features.empty() && !features_) features_.emplace(options_.features);
    for (const auto& command : choice.would_help)
        context_.console.note(fmt::format("preset {} would do better with one list more: {}",
                                          choice.recipe.name, command));
    return rescorers_
        .try_emplace(&choice, collection_, items_, choice.recipe, features_ ? &*features_ : nullptr,
                     context_)
        .first->second;
}

/// The recipe's model scores the candidates of the block. With --batch the best of them wait for
/// answer_in_return().
void QueryEngine::rescore(const Round& round, std::span<const std::size_t> block,
                          std::vector<AnsweredQuery>& answered) {
    const auto& recipe = round.choice.recipe;
    std::vector<const Query*> queries;
    std::vector<Candidates*> pools;
    for (const auto number : block) {
        queries.push_back(&round.queries[number]);
        pools.push_back(&answered[number].ranked);
    }
    rescorer_for(round.choice).score(queries, pools, options_.batch ? round.top : round.candidates);
    auto options = rank_options(recipe, round.top);
    if (options_.batch) {
        options = {};
        options.top = std::max(recipe.rescore->kept, round.top);
        options.min_score = std::numeric_limits<double>::lowest();
    }
    for (const auto number : block) {
        order_answers(answered[number].ranked, recipe, options, id_getter());
        if (!options_.batch) take_answers(answered[number]);
    }
}

void QueryEngine::finish() {
    if (features_) features_->publish();
}

void QueryEngine::take_answers(AnsweredQuery& answered) {
    answered.result.answers.clear();
    for (const auto& item : answered.ranked)
        answered.result.answers.push_back({id_of(item.row), static_cast<float>(item.score)});
}

}  // namespace pmatch::cli
