/// Detects evaluation set-ups whose results are misleading. Only judges: the caller provides the
/// counts.
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

/// A count and the first few examples.
struct Sample {
    std::int64_t count = 0;
    std::vector<std::string> examples;

    void add(const std::string& example);
    /// "3 (q7, q8, q9)", with an ellipsis when there are more.
    std::string text() const;
};

/// Agreement of a query column with a catalog column, over sampled queries.
struct ColumnAgreement {
    std::string query_column;
    std::string item_column;
    std::int64_t queries = 0;       ///< queries with a value and a true item in the catalog
    std::int64_t true_equal = 0;    ///< of those, equal to the value of a true item
    std::int64_t others = 0;        ///< pairs of such a query and a sampled wrong item
    std::int64_t others_equal = 0;  ///< of those, with equal values
};

/// -1 = unknown, so not checked.
struct ProtocolFacts {
    std::int64_t items = -1;
    int largest_k = 0;
    Sample queries_without_truth;
    Sample unknown_queries;   ///< in the truth, but not asked
    Sample unasked_answers;   ///< queries of a run that are not in the query file
    Sample unknown_items;     ///< in the truth, but not in the collection
    Sample repeated_queries;  ///< ids that occur more than once in the query file
    Sample repeated_items;    ///< ids that occurred more than once during ingest
    Sample same_pictures;  ///< queries with a picture that is byte-identical to one of the catalog
    Sample same_texts;     ///< queries with the same text as an item
    std::vector<ColumnAgreement> columns;

    struct Index {
        std::string name;
        std::string layout;
        double recall = 1;
    };
    std::vector<Index> indexes;
};

/// An index with a lower measured recall@10 against exact search causes a warning.
inline constexpr double kEnoughIndexRecall = 0.99;

/// The column leaks the answer: for at least 90 % of the queries its value equals that of a true
/// item, and on average at most one wrong item of the whole catalog has it. `items` is the
/// catalog's size.
bool gives_away(const ColumnAgreement& column, std::int64_t items);

std::vector<LintWarning> lint(const ProtocolFacts& facts);

}  // namespace pmatch
