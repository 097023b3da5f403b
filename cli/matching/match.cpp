#include "cli/matching/match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "cli/engine/collection_query_vectors.hpp"
#include "cli/engine/feature_file.hpp"
#include "cli/engine/open_engine.hpp"
#include "cli/matching/former_groups.hpp"
#include "cli/matching/pair_evidence.hpp"
#include "core/common/stopwatch.hpp"
#include "core/matching/pair_choice.hpp"
#include "core/text/number_text.hpp"
#include "data/formats/truth_file.hpp"
#include "data/items/item_filter.hpp"

namespace pmatch {
namespace {

constexpr float kNoThreshold = std::numeric_limits<float>::lowest();

const std::map<std::string, PairMode> kModes{{"all", PairMode::kAll},
                                             {"groups", PairMode::kAll},
                                             {"best", PairMode::kBest},
                                             {"mutual", PairMode::kMutual},
                                             {"one-to-one", PairMode::kOneToOne},
                                             {"optimal", PairMode::kOptimal}};

const std::map<std::string, Linkage> kLinkages{{"components", Linkage::kComponents},
                                               {"complete", Linkage::kComplete},
                                               {"average", Linkage::kAverage}};

}  // namespace

struct Match::State {
    State(MatchOptions options, const Execution& execution)
        : options_(std::move(options)),
          execution_(execution),
          right_(std::make_shared<const Collection>(Collection::open(options_.collection))),
          items_(*right_),
          right_side_(items_),
          evidence_(options_, *right_, items_, right_side_) {
        const auto& other = options_.other.source;
        if (!options_.alone() &&
            std::filesystem::exists(std::filesystem::path(other) / "collection.json")) {
            naming_collection(other, [&] { open_left(); });
        }
        if (!options_.sample.truth.empty()) {
            truth_ =
                read_truth(options_.sample.truth, options_.sample.columns, EmptyItem::kNoMatch);
        }
        if (!options_.previous.empty())
            former_ = read_former_groups(options_.previous, right_side_);
        const bool of_items = options_.alone() || left_;
        if (!of_items && !options_.blend.empty()) {
            throw UsageError{"--blend needs the vectors of items, and B is a query file",
                             "make a collection of it: pmatch ingest, embed"};
        }
        if (!of_items && options_.ignore_shared) {
            throw UsageError{
                "--ignore-shared counts the items of collections, and B is a query file",
                "make a collection of it: pmatch ingest, embed"};
        }
        if (!of_items) return;
        const ComparisonOptions comparison{{options_.blend, options_.top},
                                           shared_picture_options(options_.ignore_shared)};
        known_ = std::make_unique<CollectionQueryVectors>(left_ ? *left_ : *right_, *right_,
                                                          comparison, program_models(), execution_);
    }

    void open_left() {
        left_.emplace(Collection::open(options_.other.source));
        left_items_.emplace(*left_);
        left_side_.emplace(*left_items_);
    }

    void run() {
        const Stopwatch retrieve;
        for (const auto& ranking : match_rankings(options_))
            add(ranking);
        table_.sort();
        counts_.candidates = std::ssize(table_.pairs());
        retrieve_seconds_ = retrieve.milliseconds() / 1000 - learn_seconds_;
        const Stopwatch choice;
        choose();
        evidence_.report(execution_.observer);
        choose_seconds_ = choice.milliseconds() / 1000 + learn_seconds_;
    }

    bool unites() const { return !options_.unite.empty(); }

    MatchQueries feed() const {
        if (!options_.alone() && !left_)
            return feed_of_file(options_.other, right_->manifest().items.mapping);
        std::optional<RowSet> allowed;
        if (options_.alone() && !options_.ranking.where.empty())
            allowed = rows_where(*right_, options_.ranking.where).rows;
        return feed_of_items(left_ ? *left_ : *right_, allowed);
    }

    /// Shared by all presets.
    const Engine& engine() {
        if (!engine_)
            engine_ = open_engine(
                right_,
                {.execution = execution_, .engine = options_.engine, .known = known_.get()});
        return *engine_;
    }

    const ItemNumbering& left_side() const { return left_side_ ? *left_side_ : right_side_; }

    /// Runs one preset and adds its pairs to the table.
    void add(const MatchRanking& ranking) {
        auto asked = options_.ranking;
        asked.preset = ranking.preset;
        asked.exclude_self = options_.alone();
        const auto plan = engine().plan(asked, execution_);
        std::optional<FeatureFile> features;
        if (!options_.features.empty()) {
            check_has_model(plan);
            features.emplace(options_.features);
        }
        GatherOptions gather{options_.top, features ? &*features : nullptr,
                             unites() ? ranking.preset + "/" : ""};
        const bool from_file = !options_.alone() && !left_;
        auto gathered =
            gather_candidate_pairs(engine(), plan, feed(), from_file ? nullptr : &left_side(),
                                   right_side_, gather, execution_);
        if (features) features->publish();
        if (from_file) left_side_.emplace(std::move(gathered.ids));
        for (const auto& choice : plan.preset().choices()) {
            if (gathered.presets.contains(choice.recipe.name))
                evidence_.compared(choice.recipe, gather.prefix);
        }
        evidence_.take_out(gathered.table, ranking.threshold);
        counts_.add(gathered);
        warn_of_mixed_scores(gathered);
        const float threshold = threshold_of(ranking, gathered.table);
        if (unites()) {
            scale_above(gathered.table.scores(), threshold);
            threshold_ = 0;
        } else {
            threshold_ = threshold;
        }
        if (table_.pairs().empty()) {
            table_ = std::move(gathered.table);
        } else {
            table_.append(gathered.table);
        }
    }

    /// Warns that one threshold cannot fit two score scales.
    void warn_of_mixed_scores(const GatheredPairs& gathered) const {
        if (gathered.presets.size() < 2) return;
        std::string parts;
        for (const auto& [name, items] : gathered.presets)
            parts += fmt::format("{}{} by {}", parts.empty() ? "" : ", ", grouped(items), name);
        execution_.observer.warning(fmt::format(
            "items were asked by different presets ({}), whose scores do not compare: name one "
            "with --preset, or give --union",
            parts));
    }

    /// In both directions within one collection.
    std::vector<ScoredPair> candidates(const PairTable& table) const {
        return options_.alone() ? both_directions(table.pairs()) : table.pairs();
    }

    float threshold_of(const MatchRanking& ranking, const PairTable& table) {
        if (ranking.threshold) return *ranking.threshold;
        const bool optimal = options_.mode == "optimal";  // 0: maximise the sum of scores
        if (options_.sample.truth.empty()) return optimal ? 0 : kNoThreshold;
        const Stopwatch watch;
        // The optimal assignment requires the threshold, so it is learned with the greedy one.
        const auto mode = optimal ? PairMode::kOneToOne : kModes.at(options_.mode);
        const auto chosen = choose_pairs(candidates(table), mode, kNoThreshold);
        const auto learned =
            learn_threshold(chosen, left_side(), right_side_, truth_, options_.sample);
        execution_.observer.note(fmt::format(
            "match: {}threshold {} learned from {} true pairs: F1 {:.4f}, precision {:.4f}, "
            "recall {:.4f}",
            unites() ? ranking.preset + ": " : "", learned.threshold, learned.true_pairs,
            learned.f1(), learned.precision(), learned.recall()));
        learn_seconds_ += watch.milliseconds() / 1000;
        return learned.threshold;
    }

    void choose() {
        auto pairs = candidates(table_);
        if (!options_.groups()) runners_up_ = RunnersUp(pairs);
        if (options_.min2) {
            pairs = with_at_least_one(pairs, threshold_, static_cast<float>(*options_.min2));
            threshold_ = kNoThreshold;
        }
        if (options_.groups()) return group(pairs);
        chosen_ = choose_pairs(pairs, kModes.at(options_.mode), threshold_);
        if (options_.alone() && options_.mode != "best") {
            chosen_ = one_direction(chosen_);
            std::sort(chosen_.begin(), chosen_.end(), better);
        }
    }

    void group(std::vector<ScoredPair>& pairs) {
        const auto linkage = kLinkages.at(options_.linkage);
        if (linkage != Linkage::kAverage)
            std::erase_if(pairs, [&](const auto& pair) { return pair.score < threshold_; });
        groups_ = group_items(pairs, {options_.largest, linkage, threshold_, evidence_.variants()});
        if (former_) carry_numbers(groups_, *former_, execution_.observer);
    }

    MatchOptions options_;
    Execution execution_;
    std::shared_ptr<const Collection> right_;
    Items items_;
    ItemNumbering right_side_;
    PairEvidence evidence_;
    std::optional<Collection> left_;  ///< B, if it is a collection
    std::optional<Items> left_items_;
    std::optional<ItemNumbering> left_side_;  ///< of B
    std::unique_ptr<CollectionQueryVectors> known_;
    std::shared_ptr<const Engine> engine_;
    Truth truth_;
    PairTable table_;
    float threshold_ = kNoThreshold;
    double learn_seconds_ = 0;
    double retrieve_seconds_ = 0;
    double choose_seconds_ = 0;
    MatchCounts counts_;
    std::optional<FormerNumbers> former_;
    RunnersUp runners_up_;
    std::vector<ScoredPair> chosen_;
    std::vector<Group> groups_;
};

Match::Match(MatchOptions options, const Execution& execution) {
    check_match_options(options);
    state_ = std::make_unique<State>(std::move(options), execution);
    state_->run();
}

Match::~Match() = default;

const MatchOptions& Match::options() const {
    return state_->options_;
}
Matched Match::matched() const {
    std::optional<float> sure;
    const auto& review = state_->options_.review;
    if (!review.empty()) sure = review[1];
    return {state_->table_,           state_->left_side(), state_->right_side_,
            state_->options_.alone(), state_->runners_up_, sure};
}
std::span<const ScoredPair> Match::pairs() const {
    return state_->chosen_;
}
std::span<const Group> Match::groups() const {
    return state_->groups_;
}
const Items& Match::items() const {
    return state_->items_;
}
const MatchCounts& Match::counts() const {
    return state_->counts_;
}
double Match::retrieve_seconds() const {
    return state_->retrieve_seconds_;
}
double Match::choose_seconds() const {
    return state_->choose_seconds_;
}

}  // namespace pmatch
