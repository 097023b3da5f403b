#include "cli/tuning/bm25_grid_search.hpp"

#include <fmt/format.h>

#include <array>

#include "cli/indexing/build_lexical.hpp"
#include "core/common/stopwatch.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch {
namespace {

constexpr std::array<double, 4> kK1{0.5, 0.9, 1.2, 1.8};
constexpr std::array<double, 4> kB{0.25, 0.5, 0.75, 0.95};

std::vector<Bm25Options> grid_around(const Bm25Options& now) {
    std::vector<Bm25Options> grid{now};
    for (const double k1 : kK1) {
        for (const double b : kB) {
            if (k1 != now.k1 || b != now.b) grid.push_back({now.analyser, k1, b});
        }
    }
    return grid;
}

RecipeResults measure_index(const Bm25Index& index, const Source& source, const TuneWork& work,
                            const Items& items, int threads) {
    const auto& queries = work.queries;
    std::vector<std::string_view> texts;
    for (const auto query : queries.asked_of)
        texts.push_back(text_for(source, queries.asked[query]));
    const auto found =
        index.search_batch(index.prepare_batch(texts, threads), work.metric.top(), threads);
    RecipeResults results(queries.labelled.ids.size());
    TuneScorer scorer(work.truth, work.metric, queries, results);
    IdMemo ids([&](std::int64_t row) { return items.id_of(row); });
    const auto id_of = ids.getter();
    for (std::size_t i = 0; i < found.size(); ++i) {
        std::vector<RankedItem> ranked;
        for (const auto& hit : found[i]) {
            auto& item = ranked.emplace_back();
            item.row = hit.row;
            item.score = hit.score;
        }
        scorer.add(queries.asked_of[i], ranked, id_of);
    }
    return results;
}

}  // namespace

std::vector<Bm25Finding> tune_bm25(const Collection& collection, const TuneLists& lists,
                                   const TuneWork& work, const std::vector<TrainTestSplit>& splits,
                                   const RandomisationOptions& options,
                                   const Execution& execution) {
    const Items items(collection);
    std::vector<Bm25Finding> findings;
    for (std::size_t list = 0; list < lists.specs().size(); ++list) {
        const auto& name = lists.names()[list];
        if (name.kind != ListKind::kBm25 || !lists.is_asked(list)) continue;
        const Stopwatch watch;
        auto record = collection.manifest().lexical.at(name.name);
        const Bm25Options now{analyser_from(record.analyser), record.k1, record.b};
        const auto grid = grid_around(now);
        std::vector<RecipeResults> results;
        for (const auto& tried : grid) {
            record.k1 = tried.k1;
            record.b = tried.b;
            const auto index = build_private_lexical(collection, record, execution.observer);
            results.push_back(measure_index(index, record.source, work, items, execution.threads));
        }
        std::vector<CandidateRecipe> contenders;
        for (const auto& one : results)
            contenders.push_back({{&one}, {&one}});
        Bm25Finding finding{name.name, now, {}, {}, {}};
        finding.choice = choose_recipe(work.queries.labelled, contenders, 0, splits, options);
        finding.chosen = grid[finding.choice.contender];
        record.k1 = finding.chosen.k1;
        record.b = finding.chosen.b;
        finding.command = lexical_command(collection.directory(), record);
        findings.push_back(std::move(finding));
        execution.observer.detail(fmt::format("tune: index {}: {} settings of k1 and b, {:.2f} s",
                                              name.name, grid.size(), watch.milliseconds() / 1000));
    }
    return findings;
}

}  // namespace pmatch
