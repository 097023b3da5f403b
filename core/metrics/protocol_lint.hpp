/// Signs that a measurement would not mean what it seems to mean. Judgements only: whoever calls
/// has counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pmatch {

struct LintWarning {
    std::string name;  ///< stable, for scripts: see docs/evaluate.md
    std::string text;  ///< one sentence with the counts
};

/// How many of something, and the first few of them.
struct Sample {
    std::int64_t count = 0;
    std::vector<std::string> examples;

    void add(const std::string& example);
    /// "3 (q7, q8, q9)", with an ellipsis when there are more.
    std::string text() const;
};

/// A column of the query file against a column of the catalog, over sampled queries.
struct ColumnAgreement {
    std::string query_column;
    std::string item_column;
    std::int64_t queries = 0;       ///< with a value, and a true item in the catalog
    std::int64_t true_equal = 0;    ///< of those: equal to the value of a true item
    std::int64_t others = 0;        ///< pairs of such a query and a sampled wrong item
    std::int64_t others_equal = 0;  ///< of those: equal values
};

/// -1 = not known, so not judged.
struct ProtocolFacts {
    std::int64_t items = -1;
    int largest_k = 0;
    Sample queries_without_truth;
    Sample unknown_queries;   ///< in the truth, not asked
    Sample unasked_answers;   ///< queries of a run that the query file lacks
    Sample unknown_items;     ///< in the truth, not in the collection
    Sample repeated_queries;  ///< ids that come again in the query file
    Sample repeated_items;    ///< ids that ingest met again
    Sample same_pictures;     ///< queries with the bytes of a catalog picture
    Sample same_texts;        ///< queries with the text of an item
    std::vector<ColumnAgreement> columns;

    struct Index {
        std::string name;
        std::string layout;
        double recall = 1;
    };
    std::vector<Index> indexes;
};

/// An index whose measured recall@10 against exact search is below this is warned about.
inline constexpr double kEnoughIndexRecall = 0.99;

/// The column gives the answer away: the value equals that of the true item for at least nine of
/// ten queries, and in the whole catalog no more than one wrong item has it on average.
/// `items` is the size of the catalog.
bool gives_away(const ColumnAgreement& column, std::int64_t items);

std::vector<LintWarning> lint(const ProtocolFacts& facts);

}  // namespace pmatch
