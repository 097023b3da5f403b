/// `pmatch match`: candidate lists → scored pairs → threshold → selection → pairs or groups with
/// their evidence.
#pragma once

#include <cstddef>
#include <cstdint>
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
    std::string engine;              ///< that searches A, see EngineOptions
    std::string features;            ///< file for the features of all candidates; empty = none
    std::vector<std::string> unite;  ///< PRESET or PRESET=THRESHOLD, instead of ranking.preset
    int top = 20;                    ///< answers per item

    std::optional<double> threshold;
    SampleOptions sample;  ///< for learning the threshold, if it has a truth

    std::string mode;           ///< empty = groups within A, best with B
    std::vector<float> review;  ///< lowest score for a person to look at, lowest sure one
    std::size_t largest = 0;    ///< maximum members of a group; 0 = no limit
    std::string linkage = "components";
    std::vector<std::string> previous;  ///< groups of earlier runs, the latest last
    std::string variants;               ///< apart or together; empty = apart in groups
    std::optional<int> ignore_shared;   ///< see shared_picture_options()
    std::optional<double> min2;
    std::vector<float> blend;  ///< one round each: minimum cosine of a neighbour

    std::string format = "csv";
    std::filesystem::path output;

    bool alone() const { return other.source.empty(); }
    bool groups() const { return mode == "groups"; }
    bool keeps_variants_apart() const { return variants.empty() ? groups() : variants == "apart"; }
};

/// A preset and the threshold of its pairs.
struct MatchRanking {
    std::string preset;
    std::optional<float> threshold;  ///< unset: learned, or none
};

/// The presets to use. Throws UsageError for an invalid threshold.
std::vector<MatchRanking> match_rankings(const MatchOptions& options);

/// Sets the default of `mode`, and the threshold of `review`. Throws UsageError for invalid
/// combinations.
void check_match_options(MatchOptions& options);

/// The result of a match, and its items.
class Match {
public:
    /// Opens both sides and retrieves the pairs; the options must have been checked.
    Match(MatchOptions options, const Execution& execution);
    ~Match();

    const MatchOptions& options() const;
    Matched matched() const;
    std::span<const ScoredPair> pairs() const;
    std::span<const Group> groups() const;  ///< in mode "groups"
    const Items& items() const;             ///< of A
    const MatchCounts& counts() const;
    double retrieve_seconds() const;
    double choose_seconds() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
