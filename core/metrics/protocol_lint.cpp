#include "core/metrics/protocol_lint.hpp"

#include <fmt/format.h>

namespace pmatch {
namespace {

constexpr std::size_t kExamples = 3;
constexpr double kGivesAway = 0.9;
/// Fewer queries are no evidence.
constexpr std::int64_t kFewestQueries = 10;

class Report {
public:
    void add(const char* name, std::string text) { warnings_.push_back({name, std::move(text)}); }

    void add_some(const char* name, const Sample& found, const char* what) {
        if (found.count > 0) add(name, fmt::format(fmt::runtime(what), found.text()));
    }

    std::vector<LintWarning> take() { return std::move(warnings_); }

private:
    std::vector<LintWarning> warnings_;
};

void lint_columns(const ProtocolFacts& facts, Report& report) {
    for (const auto& column : facts.columns) {
        if (!gives_away(column, facts.items)) continue;
        report.add("leaking-column",
                   fmt::format("the queries' column '{}' equals the true item's '{}' for {} of {} "
                               "queries and for {} of {} pairs with another item: it gives the "
                               "answer away; leave it out of the text (--text)",
                               column.query_column, column.item_column, column.true_equal,
                               column.queries, column.others_equal, column.others));
    }
}

}  // namespace

void Sample::add(const std::string& example) {
    ++count;
    if (examples.size() < kExamples) examples.push_back(example);
}

std::string Sample::text() const {
    std::string list;
    for (const auto& example : examples)
        list += (list.empty() ? "" : ", ") + example;
    if (static_cast<std::size_t>(count) > examples.size()) list += ", …";
    return fmt::format("{} ({})", count, list);
}

bool gives_away(const ColumnAgreement& column, std::int64_t items) {
    if (column.queries < kFewestQueries || column.others == 0) return false;
    const double equal =
        static_cast<double>(column.true_equal) / static_cast<double>(column.queries);
    const double by_chance =
        static_cast<double>(column.others_equal) / static_cast<double>(column.others);
    return equal >= kGivesAway && by_chance * static_cast<double>(items) <= 1 &&
           by_chance < equal / 10;
}

std::vector<LintWarning> lint(const ProtocolFacts& facts) {
    Report report;
    report.add_some("queries-without-truth", facts.queries_without_truth,
                    "queries that the truth says nothing about are answered, not scored: {}");
    report.add_some("unknown-query", facts.unknown_queries,
                    "queries of the truth that were never asked are no part of any mean: {}");
    report.add_some("unknown-query", facts.unasked_answers,
                    "queries of the run are not in the query file, so they are not scored: {}");
    report.add_some("unknown-item", facts.unknown_items,
                    "items of the truth are not in the collection, so nothing can find them: {}");
    report.add_some("duplicate-ids", facts.repeated_queries,
                    "ids of queries come again in the query file; the first counts: {}");
    report.add_some("duplicate-ids", facts.repeated_items,
                    "ids of items came again in the catalog; the first counts: {}");
    report.add_some("same-picture", facts.same_pictures,
                    "queries have a picture that is byte for byte in the catalog, which any model "
                    "finds: {}");
    report.add_some("same-text", facts.same_texts,
                    "queries have the whole text of an item, which any model finds: {}");
    lint_columns(facts, report);
    if (facts.items >= 0 && facts.largest_k > facts.items) {
        report.add("k-above-catalog",
                   fmt::format("--at has {}, but the catalog has {} items: everything is found",
                               facts.largest_k, facts.items));
    }
    for (const auto& index : facts.indexes) {
        if (index.recall >= kEnoughIndexRecall) continue;
        report.add("index-recall",
                   fmt::format("index {} ({}) finds {:.1f} % of what exact search finds: the "
                               "figures measure the index, too; build it with --layout Flat",
                               index.name, index.layout, 100 * index.recall));
    }
    return report.take();
}

}  // namespace pmatch
