#include "cli/tuning/candidate_recipes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/common/random.hpp"
#include "core/common/stopwatch.hpp"
#include "core/preset/recipe_writer.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

constexpr int kDeeper = 3;  ///< factor between the grid's two depths

std::set<std::size_t> complete_lists(const std::vector<TunePlan>& plans) {
    std::set<std::size_t> lists;
    for (const auto& plan : plans) {
        if (plan.recipe.wants_complete_lists()) lists.insert(plan.lists.begin(), plan.lists.end());
    }
    return lists;
}

}  // namespace

/// Cross-validated results on the training queries, results on all queries, and the recipe.
struct TuneContenders::FittedRecipe {
    RecipeResults seen;
    RecipeResults judged;
    Recipe recipe;
};

TuneContenders::TuneContenders(const Engine& engine, const TuneWork& work,
                               const Execution& execution)
    : engine_(engine),
      work_(work),
      execution_(execution),
      lists_(engine, work.queries.asked, execution),
      problems_(work.queries.asked.size()) {}

TunePlan TuneContenders::plan_of(const GridRecipe& recipe,
                                 const std::vector<std::size_t>& lists) const {
    TunePlan plan{recipe.recipe, {}};
    for (const auto list : recipe.lists)
        plan.lists.push_back(lists[list]);
    return plan;
}

void TuneContenders::collect(const ResolvedRecipe& start,
                             const std::optional<ResolvedRecipe>& matcher,
                             const ResolvedRecipe& every_list, GridOptions grid) {
    seed_ = grid.seed;
    lists_.plan(every_list);  // numbers the collection's lists first, which gives them their names
                              // in the grid
    auto first = lists_.plan(start);
    starts_with_matcher_ = start.recipe.rescore.has_value();
    if (starts_with_matcher_) {
        matcher_plan_ = first;
    } else {
        plans_.push_back(first);
        if (matcher) matcher_plan_ = lists_.plan(*matcher);
    }
    std::vector<std::size_t> asked;
    std::vector<ListSpec> specs;
    for (std::size_t list = 0; list < lists_.specs().size(); ++list) {
        if (!lists_.is_asked(list)) continue;
        asked.push_back(list);
        specs.push_back(lists_.specs()[list]);
    }
    const int top = work_.candidates();
    grid.depths = {top, kDeeper * top};
    if (start.recipe.wants_complete_lists()) {
        for (const auto& one : staged_grid({start.recipe, first.lists}, grid))
            plans_.push_back({one.recipe, one.lists});
    }
    for (const auto& one : recipe_grid(specs, grid))
        plans_.push_back(plan_of(one, asked));
}

void TuneContenders::add(Recipe recipe, std::string line, CandidateRecipe contender) {
    recipes_.push_back(std::move(recipe));
    lines_.push_back(std::move(line));
    contenders_.push_back(std::move(contender));
}

const RecipeResults* TuneContenders::keep(RecipeResults results) {
    results_.push_back(std::make_unique<RecipeResults>(std::move(results)));
    return results_.back().get();
}

void TuneContenders::measure_blocks(std::vector<RecipeResults>& results) {
    std::set<int> depths;
    for (const auto& plan : plans_)
        depths.insert(work_.depth_of(plan.recipe));
    if (matcher_plan_) depths.insert(work_.depth_of(matcher_plan_->recipe));
    const std::vector<int> wanted(depths.begin(), depths.end());
    const auto complete = complete_lists(plans_);
    const auto count = work_.queries.asked.size();
    const auto size = work_.batch ? count : lists_.block_size(wanted.back(), complete);
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    const auto id_of = lists_.id_getter();
    double retrieve = 0;
    const Stopwatch watch;
    Progress progress(execution_.observer, "tune: rankings",
                      static_cast<std::int64_t>(count * plans_.size()));
    std::size_t done = 0;
    const auto tell = [&](std::size_t ranked) {
        progress.update(static_cast<std::int64_t>(done += ranked));
    };
    for (std::size_t from = 0; from < count; from += size) {
        const Stopwatch asking;
        const auto block = lists_.retrieve(
            std::span(numbers).subspan(from, std::min(size, count - from)), wanted, complete);
        retrieve += asking.milliseconds() / 1000;
        if (matcher_) matcher_->add(block, id_of);
        pmatch::measure(work_, plans_, block, id_of, results, execution_, tell);
        for (std::size_t place = 0; place < block.queries.size(); ++place) {
            for (const auto& hits : block.hits[place]) {
                if (!hits.problem.code.empty()) problems_[block.queries[place]] = hits.problem;
            }
        }
    }
    execution_.observer.detail(
        fmt::format("tune: {} recipes on {} queries: retrieve {:.2f} s, rank {:.2f} s",
                    plans_.size(), count, retrieve, watch.milliseconds() / 1000 - retrieve));
}

void TuneContenders::measure() {
    const Stopwatch watch;
    lists_.ask();
    execution_.observer.detail(fmt::format("tune: {} lists asked, {:.2f} s", lists_.specs().size(),
                                           watch.milliseconds() / 1000));
    for (const auto& plan : plans_)
        lists_.check_exact(plan);
    if (matcher_plan_) {
        matcher_ = std::make_unique<TuneMatcher>(engine_, *matcher_plan_, work_, execution_);
    }
    std::vector<RecipeResults> results(plans_.size(),
                                       RecipeResults(work_.queries.labelled.ids.size()));
    measure_blocks(results);
    const auto add_plan = [&](std::size_t i) {
        const auto* kept = keep(std::move(results[i]));
        add(plans_[i].recipe, recipe_line(plans_[i].recipe), {{kept}, {kept}});
    };
    std::size_t next = 0;
    if (!starts_with_matcher_) add_plan(next++);
    if (matcher_) {
        matcher_->finish();
        const auto* kept = keep(matcher_->results(matcher_->recipe(), lists_.id_getter()));
        add(matcher_->recipe(), fmt::format("preset {}", matcher_->recipe().name),
            {{kept}, {kept}});
    }
    for (; next < plans_.size(); ++next)
        add_plan(next);
}

TuneContenders::FittedRecipe TuneContenders::teach(const QueryNumbers& train,
                                                   std::span<const std::uint32_t> groups,
                                                   std::uint64_t seed) const {
    const auto id_of = lists_.id_getter();
    auto recipe = matcher_->recipe();
    recipe.min_score.reset();
    const auto taught = [&](const QueryNumbers& numbers) {
        auto one = recipe;
        one.rescore = matcher_->adapted(numbers);
        return one;
    };
    std::vector<std::uint32_t> groups_of_train;
    for (const auto number : train)
        groups_of_train.push_back(groups[number]);
    const auto halves = split_halves(groups_of_train, train, seed);
    auto seen = matcher_->results(taught(halves.train), id_of);
    const auto other = matcher_->results(taught(halves.held_out), id_of);
    for (const auto number : halves.train) {
        seen.over[number] = other.over[number];
        seen.mrr[number] = other.mrr[number];
        seen.first[number] = other.first[number];
        seen.correct[number] = other.correct[number];
    }
    auto with_all = taught(train);
    auto judged = matcher_->results(with_all, id_of);
    return {std::move(seen), std::move(judged), std::move(with_all)};
}

void TuneContenders::adapt(const std::vector<TrainTestSplit>& splits,
                           std::span<const std::uint32_t> groups) {
    if (!matcher_) return;
    const Stopwatch watch;
    SplitMix64 seeds(seed_ + 1);
    std::vector<std::pair<QueryNumbers, std::uint64_t>> lessons;
    for (const auto& split : splits)
        lessons.emplace_back(split.train, seeds.next());
    QueryNumbers all(groups.size());
    std::iota(all.begin(), all.end(), 0U);
    lessons.emplace_back(std::move(all), seeds.next());
    std::vector<std::optional<FittedRecipe>> taught(lessons.size());
    const auto some = [&](std::size_t begin, std::size_t end) {
        for (auto i = begin; i < end; ++i)
            taught[i].emplace(teach(lessons[i].first, groups, lessons[i].second));
    };
    for_pieces(lessons.size(), execution_.threads, some, 1);
    CandidateRecipe contender;
    for (auto& one : taught) {
        contender.seen.push_back(keep(std::move(one->seen)));
        contender.judged.push_back(keep(std::move(one->judged)));
    }
    add(std::move(taught.back()->recipe),
        fmt::format("preset {}, adapted to the labels", matcher_->recipe().name),
        std::move(contender));
    execution_.observer.detail(fmt::format("tune: matcher adapted in {} lessons, {:.2f} s",
                                           3 * lessons.size(), watch.milliseconds() / 1000));
}

void TuneContenders::adapt_odds(Recipe& recipe) const {
    if (matcher_ && recipe.rescore) matcher_->adapt_odds(*recipe.rescore);
}

void TuneContenders::tell(QueryProblems& problems) const {
    for (std::size_t i = 0; i < problems_.size(); ++i) {
        const auto& query = work_.queries.asked[i];
        const auto& own = query.problem;
        problems.add(query.id, own.code.empty() ? problems_[i] : own, true);
    }
    problems.finish();
}

}  // namespace pmatch
