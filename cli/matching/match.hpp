/// `pmatch match`: candidate lists → scored pairs → threshold → a choice among pairs → pairs or
/// groups with their evidence.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "cli/matching/candidate_pairs.hpp"
#include "cli/matching/learn_threshold.hpp"
#include "core/common/observer.hpp"
#include "core/engine/request.hpp"
#include "core/matching/grouping.hpp"

namespace pmatch {

struct MatchOptions {
    std::filesystem::path collection;  ///< A, which is searched
    QueryFileOptions other;            ///< B: a collection or a query file; empty = A itself
    RankingOptions ranking;
    std::string features;            ///< a file for the features of all candidates; empty = none
    std::vector<std::string> unite;  ///< PRESET or PRESET=THRESHOLD, instead of ranking.preset
    int top = 20;                    ///< answers that are looked at for each item

    std::optional<double> threshold;
    SampleOptions sample;  ///< to learn the threshold from, when there is a truth

    std::string mode;         ///< empty = groups within A, best with B
    std::size_t largest = 0;  ///< members of a group; 0 = any number
    std::optional<double> min2;
    std::vector<float> blend;  ///< a round for each: cosine from which neighbours count

    std::string format = "csv";
    std::filesystem::path output;

    bool alone() const { return other.source.empty(); }
};

/// A preset and where its pairs begin to count.
struct MatchRanking {
    std::string preset;
    std::optional<float> threshold;  ///< unset: learned, or none
};

/// The presets that are asked. Throws UsageError for a threshold that is no number.
std::vector<MatchRanking> match_rankings(const MatchOptions& options);

/// Gives `mode` its default. Throws UsageError for what does not go together.
void check_match_options(MatchOptions& options);

/// What a match found, and who was matched.
class Match {
public:
    /// Opens both sides and asks; the options are checked.
    Match(MatchOptions options, const Execution& execution);
    ~Match();

    const MatchOptions& options() const;
    Matched matched() const;
    std::span<const ScoredPair> pairs() const;
    std::span<const Group> groups() const;  ///< in the mode of this name
    const Items& items() const;             ///< of A
    const MatchCounts& counts() const;
    double retrieve_seconds() const;
    double choose_seconds() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
