#include "cli/evaluation/evaluate_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/common/error.hpp"
#include "core/metrics/significance.hpp"
#include "data/formats/table_header.hpp"

namespace pmatch {
namespace {

std::vector<GateBound> all_bounds(const char* option, const std::vector<std::string>& arguments) {
    std::vector<GateBound> bounds;
    for (const auto& argument : arguments) {
        for (auto& bound : parse_bounds(option, argument))
            bounds.push_back(std::move(bound));
    }
    return bounds;
}

void check_metric_is_known(const char* option, const GateBound& bound, const ScoreTable& table) {
    if (table.metric(bound.metric) != nullptr) return;
    std::vector<std::string> known;
    for (const auto& metric : table.metrics())
        known.push_back(metric.name);
    throw UsageError{fmt::format("{} names the metric '{}'; this evaluation has {}", option,
                                 bound.metric, quoted_list(known)),
                     "name one of these; --at sets the ranks, --threshold adds pair_precision, "
                     "pair_recall and f1"};
}

void check_options_agree(const GateOptions& options) {
    if (!options.max_drop.empty() && options.baseline.empty()) {
        throw UsageError{"--max-drop has nothing to compare with",
                         "give --baseline BASE.json, a result of --format json"};
    }
    if (!options.baseline.empty() && options.max_drop.empty()) {
        throw UsageError{"--baseline alone compares nothing",
                         "say what may not drop: --max-drop recall@1=.005"};
    }
    if (options.significant && options.max_drop.empty()) {
        throw UsageError{"--significant is about drops, and there is no --max-drop",
                         "give --baseline BASE.json --max-drop recall@1=0 --significant"};
    }
}

const SliceResult* find_slice(const Evaluation& evaluation, const GateBound& bound) {
    if (!bound.slice) return nullptr;
    std::vector<std::string> known;
    for (const auto& slice : evaluation.slices) {
        if (slice.name.field != bound.slice->field) continue;
        if (slice.name.value == bound.slice->value && slice.scored > 0) return &slice;
        if (known.size() < 20) known.push_back(slice.name.value);
    }
    throw UsageError{fmt::format("the gate is about {}, and no scored query has that; {} is one of "
                                 "{}",
                                 bound.slice->text(), bound.slice->field, quoted_list(known)),
                     "name a value that the queries have"};
}

}  // namespace

Gate::Gate(const GateOptions& options, const ScoreColumns& columns)
    : options_(options),
      floors_(all_bounds("--fail-under", options.fail_under)),
      drops_(all_bounds("--max-drop", options.max_drop)) {
    check_options_agree(options);
    const ScoreTable table(columns);
    for (const auto& bound : floors_)
        check_metric_is_known("--fail-under", bound, table);
    for (const auto& bound : drops_) {
        check_metric_is_known("--max-drop", bound, table);
        if (bound.value < 0) {
            throw UsageError{
                fmt::format("--max-drop {} is {}, below 0", bound.subject(), bound.value),
                "give how much may be lost: --max-drop recall@1=.005"};
        }
    }
    if (options.baseline.empty()) return;
    baseline_ = read_baseline(options.baseline, columns);
    if (options.significant && !baseline_->queries) {
        throw UsageError{fmt::format("--significant needs every query's values, and {} has none",
                                     options.baseline.string()),
                         "write the baseline with --format json --with-queries"};
    }
}

std::vector<std::string> Gate::add_fields(std::vector<std::string> fields) const {
    for (const auto* bounds : {&floors_, &drops_}) {
        for (const auto& bound : *bounds) {
            if (!bound.slice) continue;
            if (std::find(fields.begin(), fields.end(), bound.slice->field) == fields.end()) {
                fields.push_back(bound.slice->field);
            }
        }
    }
    return fields;
}

void Gate::check_baseline_is_comparable(const Evaluation& evaluation) const {
    const auto refuse = [&](const char* what, const std::string& theirs, const std::string& ours) {
        throw UsageError{
            fmt::format("the baseline {} was measured on {} ({} scored, {:.12}), this run has {} "
                        "scored, {:.12}",
                        options_.baseline.string(), what, baseline_->scored, theirs,
                        evaluation.metrics.scored, ours),
            "measure the baseline again with this query file and this truth"};
    };
    if (baseline_->query_set != evaluation.query_set) {
        refuse("other queries", baseline_->query_set, evaluation.query_set);
    }
    if (baseline_->truth_set != evaluation.truth_set) {
        refuse("another truth", baseline_->truth_set, evaluation.truth_set);
    }
}

namespace {

/// The rows of our queries in the baseline.
QueryNumbers positions(const ScoreTable& theirs, const ScoreTable& ours,
                       const QueryNumbers& queries, const std::filesystem::path& file) {
    std::unordered_map<std::string, std::uint32_t> by_id;
    for (std::uint32_t i = 0; i < theirs.size(); ++i)
        by_id.emplace(theirs.query(i), i);
    QueryNumbers found;
    for (const auto number : queries) {
        const auto at = by_id.find(ours.query(number));
        if (at == by_id.end()) {
            throw UsageError{fmt::format("the query '{}' of this run is not in the baseline {}",
                                         ours.query(number), file.string()),
                             "measure the baseline again with this query file"};
        }
        found.push_back(at->second);
    }
    return found;
}

}  // namespace

double Gate::baseline_value(const GateBound& bound, const SliceResult* slice,
                            const ScoreTable& table) const {
    if (baseline_->queries) {
        const auto& theirs = *baseline_->queries;
        const auto all = slice == nullptr ? table.all() : slice->queries;
        const auto sums = theirs.sums(positions(theirs, table, all, options_.baseline));
        return ScoreTable::value(*theirs.metric(bound.metric), sums);
    }
    const auto* metrics = &baseline_->metrics;
    if (slice != nullptr) {
        const auto found = baseline_->slices.find(slice->name);
        if (found == baseline_->slices.end()) {
            throw UsageError{
                fmt::format("the baseline {} has no slice {}", options_.baseline.string(),
                            slice->name.text()),
                fmt::format("measure it again with --with-queries or --by {}", slice->name.field)};
        }
        metrics = &found->second;
    }
    const auto value = metrics->find(bound.metric);
    if (value != metrics->end()) return value->second;
    std::vector<std::string> known;
    for (const auto& entry : *metrics)
        known.push_back(entry.first);
    throw UsageError{fmt::format("the baseline {} has no '{}'; it has {}",
                                 options_.baseline.string(), bound.metric, quoted_list(known)),
                     "measure both with the same --at and --threshold"};
}

double Gate::p_value(const GateBound& bound, const QueryNumbers& queries,
                     const ScoreTable& table) const {
    const auto& theirs = *baseline_->queries;
    RandomisationOptions options;
    options.seed = options_.seed;
    return randomisation_p(*table.metric(bound.metric), table, queries, theirs,
                           positions(theirs, table, queries, options_.baseline), options);
}

std::vector<GateCheck> Gate::judge(const Evaluation& evaluation, const ScoreTable& table) const {
    if (baseline_) check_baseline_is_comparable(evaluation);
    std::vector<GateCheck> checks;
    const auto measure = [&](GateCheck::Kind kind, const GateBound& bound) {
        GateCheck check{kind, bound, 0, std::nullopt, std::nullopt};
        const auto* slice = find_slice(evaluation, bound);
        const auto queries = slice == nullptr ? table.all() : slice->queries;
        check.value = ScoreTable::value(*table.metric(bound.metric), table.sums(queries));
        if (kind == GateCheck::Kind::kMaxDrop) {
            check.baseline = baseline_value(bound, slice, table);
            if (options_.significant) check.p = p_value(bound, queries, table);
        }
        checks.push_back(std::move(check));
    };
    for (const auto& bound : floors_)
        measure(GateCheck::Kind::kFailUnder, bound);
    for (const auto& bound : drops_)
        measure(GateCheck::Kind::kMaxDrop, bound);
    failed_first(checks);
    return checks;
}

}  // namespace pmatch
