#include "cli/tuning/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "cli/engine/open_engine.hpp"
#include "cli/engine/query_problems.hpp"
#include "cli/evaluation/protocol_facts.hpp"
#include "cli/tuning/candidate_recipes.hpp"
#include "cli/tuning/score_threshold_fit.hpp"
#include "cli/tuning/starting_recipe.hpp"
#include "cli/tuning/tune_report.hpp"
#include "core/common/random.hpp"
#include "core/common/stopwatch.hpp"
#include "core/files/atomic_file.hpp"
#include "core/preset/recipe_writer.hpp"
#include "core/text/number_text.hpp"
#include "data/formats/truth_file.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kQueryWindow = 1024;

/// Checked in advance, so that no work is lost: the name must be accepted by `--preset FILE`.
void check_out(const std::filesystem::path& out) {
    const auto name = out.string();
    const auto parent = out.parent_path();
    if (!parent.empty() && !std::filesystem::is_directory(parent)) {
        throw Error{fmt::format("there is no directory {}", parent.string()), name,
                    "make it, or choose another --out"};
    }
    if (name.find('/') != std::string::npos || name.ends_with(".json") || name.ends_with(".jsonc"))
        return;
    throw UsageError{fmt::format("--out {} is not what --preset would take for a file", name),
                     fmt::format("name it {}.jsonc", name)};
}

class TuneRun {
public:
    TuneRun(const TuneOptions& options, const CommandWriter& writer, const Execution& execution)
        : options_(options),
          writer_(writer),
          execution_(execution),
          metric_(tune_metric(options.metric)),
          wanted_(threshold_wanted(options.threshold)),
          truth_(read_truth(options.truth, options.truth_columns,
                            wanted_ ? EmptyItem::kNoMatch : EmptyItem::kRefused)),
          collection_(std::make_shared<const Collection>(Collection::open(options.collection))),
          items_(*collection_),
          queries_(read_queries()),
          work_{truth_, metric_, queries_, options.batch},
          engine_(open_engine(collection_, {.execution = execution})) {}

    Tuned run() {
        const Stopwatch watch;
        const auto splits = make_splits();
        describe_pictures();
        auto start = start_recipe(options_.preset, engine_->source(), queries_.asked);
        leave_out_verify(start.recipe);
        name_unasked(start.recipe);
        if (wanted_) start.recipe.min_score.reset();
        TuneContenders contenders(*engine_, work_, execution_);
        contenders.collect(start, matcher_recipe(engine_->source()), every_list(engine_->source()),
                           {options_.recipes, {}, options_.seed});
        contenders.measure();
        contenders.adapt(splits, groups_);
        const auto report = report_on(contenders, start.recipe, splits);
        write(contenders, report);
        QueryProblems problems(execution_.observer);
        contenders.tell(problems);
        return {report, problems.failed(), watch.milliseconds() / 1000};
    }

private:
    TuneQueries read_queries() {
        const auto& mapping = collection_->manifest().items.mapping;
        const auto& text = options_.queries.text.empty() ? mapping.text : options_.queries.text;
        ProtocolFactCollector lint(truth_, metric_.columns.at.front(), *collection_, items_, text);
        QueryFileReader feed(options_.queries, mapping);
        std::vector<Query> queries;
        for (auto some = feed.next(kQueryWindow); !some.empty(); some = feed.next(kQueryWindow)) {
            for (auto& query : some) {
                lint.add(query);
                queries.push_back(std::move(query));
            }
        }
        in_file_ = queries.size();
        auto result = tune_queries(std::move(queries), truth_, metric_, options_.batch,
                                   options_.truth.string());
        for (const auto& [name, words] : lint.finish())
            execution_.observer.warning(fmt::format("{}: {}", name, words));
        return result;
    }

    /// Lists are tuned, and compared without what comes after them.
    void leave_out_verify(Recipe& start) const {
        if (!start.verify) return;
        execution_.observer.note(
            fmt::format("preset {} compares its best answers point by point ('verify'), which is "
                        "left out here: "
                        "add it to the preset that is chosen",
                        start.name));
        start.verify.reset();
    }

    /// Queries that the start recipe cannot answer count as gains of other recipes.
    void name_unasked(const Recipe& start) const {
        const auto unasked =
            std::count_if(queries_.asked.begin(), queries_.asked.end(), [&](const Query& query) {
                return query.problem.code.empty() &&
                       std::none_of(
                           start.lists.begin(), start.lists.end(),
                           [&](const ListSpec& list) { return has_input_for(list, query); });
            });
        if (unasked == 0) return;
        execution_.observer.warning(fmt::format(
            "{} of {} labelled queries have nothing that preset {} compares: it misses them all, "
            "and a recipe with more lists gains them for that reason alone",
            unasked, queries_.asked.size(), start.name));
    }

    /// If captions are compared, captions the queries' pictures.
    void describe_pictures() {
        const auto& manifest = collection_->manifest();
        for (const auto& [name, record] : manifest.captions) {
            const auto captions = Source::captions(name);
            const auto compared = [&](const auto& entry) {
                return entry.second.source == captions;
            };
            if (std::any_of(manifest.spaces.begin(), manifest.spaces.end(), compared) ||
                std::any_of(manifest.lexical.begin(), manifest.lexical.end(), compared))
                engine_->describe(queries_.asked, captions, {execution_});
        }
    }

    std::vector<TrainTestSplit> make_splits() {
        groups_ = truth_groups(queries_.labelled.ids, truth_);
        QueryNumbers all(groups_.size());
        std::iota(all.begin(), all.end(), 0U);
        SplitMix64 seeds(options_.seed);
        std::vector<TrainTestSplit> splits;
        for (int i = 0; i < options_.splits; ++i)
            splits.push_back(split_halves(groups_, all, seeds.next()));
        if (!splits.front().held_out.empty()) return splits;
        throw Error{"all labelled queries share their items: there is nothing to judge a choice by",
                    options_.truth.string(), "label queries of other items"};
    }

    TuneReport report_on(TuneContenders& contenders, const Recipe& start,
                         const std::vector<TrainTestSplit>& splits) {
        const RandomisationOptions randomisation{10'000, options_.seed};
        TuneReport report;
        report.collection = options_.collection;
        report.queries = options_.queries.source;
        report.truth = options_.truth;
        report.batch = options_.batch;
        report.seed = options_.seed;
        report.metric = metric_.name;
        report.asked = in_file_;
        report.labelled = queries_.labelled.ids.size();
        report.groups = groups_.empty() ? 0 : *std::max_element(groups_.begin(), groups_.end()) + 1;
        report.recipes = contenders.all().size();
        report.start = start.name;
        report.start_line = recipe_line(start);
        report.contenders = contenders.lines();
        report.choice =
            choose_recipe(queries_.labelled, contenders.all(), 0, splits, randomisation);
        report.out = options_.out;
        if (wanted_) {
            report.threshold = tune_threshold(*wanted_, queries_.labelled, contenders.all(),
                                              report.choice, splits, options_.truth.string());
        }
        if (!options_.no_bm25) {
            report.bm25 = tune_bm25(*collection_, contenders.lists(), work_, splits, randomisation,
                                    execution_);
        }
        return report;
    }

    void write(const TuneContenders& contenders, const TuneReport& report) const {
        auto recipe = contenders.recipe(report.choice.is_gain() ? report.choice.contender : 0);
        if (report.choice.is_gain())
            recipe.description = fmt::format("chosen by pmatch tune: {}", report.chosen_line());
        if (report.threshold) recipe.min_score = report.threshold->min_score;
        contenders.adapt_odds(recipe);
        AtomicFile file(options_.out);
        file.write(tune_comment(report, writer_) + recipe_json(recipe));
        file.publish();
    }

    const TuneOptions& options_;
    const CommandWriter& writer_;
    Execution execution_;
    TuneMetric metric_;
    std::optional<ThresholdWanted> wanted_;
    Truth truth_;
    std::shared_ptr<const Collection> collection_;
    Items items_;
    std::size_t in_file_ = 0;
    TuneQueries queries_;
    TuneWork work_;
    std::shared_ptr<const Engine> engine_;
    std::vector<std::uint32_t> groups_;
};

}  // namespace

Tuned run_tune(const TuneOptions& options, const CommandWriter& write, const Execution& execution) {
    check_out(options.out);
    return TuneRun(options, write, execution).run();
}

}  // namespace pmatch
