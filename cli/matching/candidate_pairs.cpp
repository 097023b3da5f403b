#include "cli/matching/candidate_pairs.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_set>

#include "cli/engine/query_problems.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kWindow = 4096;  // queries per call of FAISS

class CandidatePairs {
public:
    CandidatePairs(const ItemNumbering* left, const ItemNumbering& right,
                   const GatherOptions& options, const Execution& execution)
        : left_(left),
          right_(right),
          options_(options),
          problems_(execution.observer, left != nullptr ? QueryProblems::Nouns{"item", "items"}
                                                        : QueryProblems::Nouns{}) {}

    void leave_out_duplicates(std::vector<Query>& queries) {
        if (left_ != nullptr) return;
        std::erase_if(queries, [&](const Query& query) {
            if (seen_.insert(query.id).second) return false;
            ++gathered_.asked;
            problems_.add(query.id, {"duplicate_id", "the id was there before"}, true);
            return true;
        });
    }

    void add(const Query& query, const AnsweredQuery& answered) {
        ++gathered_.asked;
        auto left = static_cast<std::uint32_t>(gathered_.ids.size());
        if (left_ != nullptr) {
            left = left_->number_of(query.row);
        } else {
            gathered_.ids.push_back(query.id);
        }
        const auto& problem = answered.problem;
        if (answered.result.failed && left_ != nullptr && problem.code == "nothing_to_compare") {
            ++gathered_.nothing;
        } else {
            problems_.add(query.id, problem, true);
        }
        if (answered.recipe != nullptr) ++gathered_.presets[answered.recipe->name];
        for (const auto& item : answered.ranked)
            add(left, item, *answered.recipe);
    }

    GatheredPairs finish() && {
        auto& ids = gathered_.ids;
        if (left_ == nullptr) {
            std::vector<std::uint32_t> order(ids.size());
            std::iota(order.begin(), order.end(), 0U);
            std::sort(order.begin(), order.end(),
                      [&](std::uint32_t a, std::uint32_t b) { return ids[a] < ids[b]; });
            std::vector<std::uint32_t> numbers(ids.size());
            for (std::size_t i = 0; i < order.size(); ++i)
                numbers[order[i]] = static_cast<std::uint32_t>(i);
            gathered_.table.renumber_left(numbers);
            std::sort(ids.begin(), ids.end());
        }
        gathered_.table.sort();
        problems_.finish();
        gathered_.failed = problems_.failed();
        return std::move(gathered_);
    }

private:
    void add(std::uint32_t left, const RankedItem& item, const Recipe& recipe) {
        auto& table = gathered_.table;
        table.add({left, right_.number_of(item.row), static_cast<float>(item.score)});
        const auto& lists = lists_of(recipe);
        for (std::size_t i = 0; i < item.parts.size(); ++i) {
            const auto& part = item.parts[i];
            if (part.present) table.say(lists[i], {part.rank, part.raw});
        }
    }

    const std::vector<std::size_t>& lists_of(const Recipe& recipe) {
        auto& lists = lists_[&recipe];
        if (!lists.empty()) return lists;
        for (const auto& list : recipe.lists)
            lists.push_back(gathered_.table.list(options_.prefix + list.name));
        return lists;
    }

    const ItemNumbering* left_;
    const ItemNumbering& right_;
    const GatherOptions& options_;
    QueryProblems problems_;
    GatheredPairs gathered_;
    std::map<const Recipe*, std::vector<std::size_t>> lists_;
    std::unordered_set<std::string> seen_;
};

}  // namespace

void MatchCounts::add(const GatheredPairs& gathered) {
    asked = gathered.asked;
    failed = any ? std::min(failed, gathered.failed) : gathered.failed;
    nothing = any ? std::min(nothing, gathered.nothing) : gathered.nothing;
    any = true;
    for (const auto& [name, items] : gathered.presets)
        presets.insert(name);
}

GatheredPairs gather_candidate_pairs(const Engine& engine, const RankingPlan& plan,
                                     const MatchQueries& feed, const ItemNumbering* left,
                                     const ItemNumbering& right, const GatherOptions& options,
                                     const Execution& execution) {
    CandidatePairs gathering(left, right, options, execution);
    Progress progress(execution.observer, "match: items", 0);
    const auto window = plan.options.batch ? std::numeric_limits<std::size_t>::max() : kWindow;
    AnswerOptions ask;
    ask.top = options.top;
    ask.odds = true;
    ask.rows_only = true;
    ask.features = options.features;
    std::int64_t done = 0;
    for (auto queries = feed(window); !queries.empty(); queries = feed(window)) {
        done += static_cast<std::int64_t>(queries.size());
        gathering.leave_out_duplicates(queries);
        const auto answered = engine.answer(plan, queries, ask, execution).answers;
        for (std::size_t i = 0; i < answered.size(); ++i)
            gathering.add(queries[i], answered[i]);
        progress.update(done);
    }
    return std::move(gathering).finish();
}

}  // namespace pmatch
