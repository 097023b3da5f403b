#include "cli/evaluation/score_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "cli/engine/open_engine.hpp"
#include "cli/engine/query_problems.hpp"
#include "cli/evaluation/protocol_facts.hpp"
#include "cli/evaluation/slices.hpp"
#include "core/text/number_text.hpp"
#include "data/formats/run_file.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kQueryWindow = 1024;

std::vector<LintWarning> warn(ProtocolFactCollector& gatherer, const AnswerSource& source,
                              const Execution& execution) {
    auto warnings = gatherer.finish();
    for (const auto& [name, text] : warnings)
        execution.observer.warning(fmt::format("{}: {}", name, text));
    if (!source.strict || warnings.empty()) return warnings;
    std::string names;
    for (const auto& warning : warnings)
        names += (names.empty() ? "" : "\n  ") + warning.name + ": " + warning.text;
    throw Error{fmt::format("--strict: the protocol has {} flaw{}\n  {}", warnings.size(),
                            warnings.size() == 1 ? "" : "s", names),
                {},
                "mend what is named, or leave --strict out"};
}

void gather_all(ProtocolFactCollector& gatherer, const QueryFileOptions& options,
                const FieldMapping& mapping) {
    QueryFileReader feed(options, mapping);
    for (auto queries = feed.next(kQueryWindow); !queries.empty();
         queries = feed.next(kQueryWindow)) {
        for (const auto& query : queries)
            gatherer.add(query);
    }
}

std::vector<std::string> field_names(const Manifest& manifest) {
    std::vector<std::string> names;
    for (const auto& field : manifest.items.fields)
        names.push_back(field.name);
    return names;
}

/// What each query's answers are added to.
struct Tally {
    Scorer& scorer;
    Slices slices;
    MissedQueries missed;

    /// To the slices only if the scorer added a row for it.
    void add(const QueryAnswers& answers, const Query* query, const Problem& problem) {
        const auto rows = scorer.table().size();
        scorer.add(answers);
        if (scorer.table().size() > rows) slices.add(answers.query, query);
        missed.add(answers, query, problem);
    }

    void finish(ScoredAnswers& scored) {
        scored.slices = slices.slices();
        scored.missed_count = missed.count();
        scored.missed = missed.take();
    }
};

int largest(const Scorer& scorer) {
    const auto& at = scorer.columns().at;
    return at.empty() ? 0 : *std::max_element(at.begin(), at.end());
}

}  // namespace

ScoredAnswers score_collection(const AnswerSource& source, const Execution& execution,
                               const Truth& truth, Scorer& scorer) {
    const auto collection = std::make_shared<const Collection>(Collection::open(source.collection));
    const auto& catalog = collection->manifest().items;
    const Items items(*collection);
    const auto engine = open_engine(collection, {.execution = execution, .engine = source.engine});
    const auto plan = engine->plan(source.ranking, execution);
    AnswerOptions ask;
    ask.top = source.depth;
    const auto& text = source.queries.text.empty() ? catalog.mapping.text : source.queries.text;
    ProtocolFactCollector gatherer(truth, largest(scorer), *collection, items, text);
    ScoredAnswers scored;
    const bool can_read_twice = source.queries.source != "-";
    if (can_read_twice) {
        gather_all(gatherer, source.queries, catalog.mapping);
        scored.warnings = warn(gatherer, source, execution);
    }
    QueryFileReader feed(source.queries, catalog.mapping);
    Tally tally{scorer,
                {source.slices, feed.columns(), &items, field_names(collection->manifest()), truth},
                {truth, largest(scorer), source.most_missed, &items}};
    std::unordered_set<std::string> asked;
    QueryProblems problems(execution.observer);
    Progress progress(execution.observer, "evaluate: queries", 0);
    std::int64_t done = 0;
    const auto window = query_window(source.ranking);
    for (auto queries = feed.next(window); !queries.empty(); queries = feed.next(window)) {
        done += static_cast<std::int64_t>(queries.size());
        if (!can_read_twice) {
            for (const auto& query : queries)
                gatherer.add(query);
        }
        std::erase_if(queries, [&](const Query& query) { return !asked.insert(query.id).second; });
        const auto answered = engine->answer(plan, queries, ask, execution).answers;
        for (std::size_t i = 0; i < answered.size(); ++i) {
            const auto& [result, problem, ranked, recipe] = answered[i];
            problems.add(result.query, problem, result.failed);
            tally.add(result, &queries[i], problem);
        }
        progress.update(done);
    }
    problems.finish();
    if (!can_read_twice) scored.warnings = warn(gatherer, source, execution);
    tally.finish(scored);
    return scored;
}

ScoredAnswers score_run(const AnswerSource& source, const Execution& execution, const Truth& truth,
                        Scorer& scorer) {
    auto stored = read_run(source.run, truth);
    auto& run = stored.queries;
    if (stored.tied > 0) {
        execution.observer.note(
            fmt::format("evaluate: {} of {} queries of the run have answers of equal score: the "
                        "higher item id comes first, as trec_eval has it",
                        grouped(static_cast<std::int64_t>(stored.tied)),
                        grouped(static_cast<std::int64_t>(run.size()))));
    }
    ProtocolFactCollector gatherer(truth, largest(scorer));
    ScoredAnswers scored;
    if (source.queries.source.empty()) {
        Tally tally{scorer,
                    {source.slices, {}, nullptr, {}, truth},
                    {truth, largest(scorer), source.most_missed, nullptr}};
        for (const auto& answers : run)
            gatherer.add(Query{answers.query, {}, {}, {}, {}});
        scored.warnings = warn(gatherer, source, execution);
        for (const auto& answers : run)
            tally.add(answers, nullptr, {});
        tally.finish(scored);
        return scored;
    }
    std::unordered_map<std::string, QueryAnswers> answers_to;
    std::vector<std::string> answered;
    for (auto& answers : run) {
        answered.push_back(answers.query);
        answers_to.emplace(answered.back(), std::move(answers));
    }
    QueryFileReader feed(source.queries, {});
    Tally tally{scorer,
                {source.slices, feed.columns(), nullptr, {}, truth},
                {truth, largest(scorer), source.most_missed, nullptr}};
    std::unordered_set<std::string> asked;
    QueryProblems problems(execution.observer);
    for (auto queries = feed.next(kQueryWindow); !queries.empty();
         queries = feed.next(kQueryWindow)) {
        for (const auto& query : queries) {
            gatherer.add(query);
            if (!asked.insert(query.id).second) continue;
            problems.add(query.id, query.problem, true);
            const auto found = answers_to.find(query.id);
            tally.add(found == answers_to.end() ? QueryAnswers{query.id, {}, false} : found->second,
                      &query, query.problem);
        }
    }
    problems.finish();
    for (const auto& query : answered) {
        if (!asked.contains(query)) gatherer.add_unasked(query);
    }
    scored.warnings = warn(gatherer, source, execution);
    tally.finish(scored);
    return scored;
}

}  // namespace pmatch
