#include <fmt/format.h>

#include "cli/matching/match.hpp"
#include "core/common/error.hpp"
#include "data/formats/parse_number.hpp"

namespace pmatch {
namespace {

void check_mode(const MatchOptions& options) {
    if (options.mode == "groups" && !options.alone()) {
        throw UsageError{"groups are of one collection, and B is given",
                         "choose --mode best, mutual, one-to-one, optimal or all"};
    }
    if (options.mode == "optimal" && options.alone()) {
        throw UsageError{"--mode optimal is for two sides, and there is one collection",
                         "choose --mode one-to-one, mutual or groups"};
    }
    const bool groups = options.mode == "groups";
    if (options.largest > 0 && !groups) {
        throw UsageError{"--largest limits groups", "give --mode groups with it"};
    }
    if (options.format == "html" && !groups) {
        throw UsageError{"--format html shows groups", "give --mode groups, or --format jsonl"};
    }
    if (!options.previous.empty() && !groups) {
        throw UsageError{"--previous lets groups keep their numbers", "give --mode groups with it"};
    }
    if (options.linkage != MatchOptions().linkage && !groups) {
        throw UsageError{"--linkage says how groups are formed", "give --mode groups with it"};
    }
    if (options.min2 && options.linkage == "average") {
        throw UsageError{"--min2 and --linkage average exclude each other",
                         "a pair below the threshold joins nothing by the average; take --linkage "
                         "complete or components"};
    }
    if (options.min2 && !groups && options.mode != "all") {
        throw UsageError{
            fmt::format("--min2 is for --mode all and groups, not {}", options.mode),
            "leave it out: these modes give an item no second pair that --threshold left out"};
    }
}

void check_threshold(const MatchOptions& options) {
    const bool learned = !options.sample.truth.empty();
    if (options.threshold && learned) {
        throw UsageError{"--threshold and --truth exclude each other",
                         "--truth learns the threshold; give one of them"};
    }
    if (!learned && (options.sample.precision || !options.sample.columns.empty())) {
        throw UsageError{"--target-precision and --truth-columns go with a sample of truth",
                         "give --truth FILE"};
    }
    if (options.mode == "groups" && !options.threshold && !learned && options.unite.empty()) {
        throw UsageError{"without a threshold everything would be one group",
                         "give --threshold S, or --truth FILE to learn it from a sample"};
    }
}

void check_review(const MatchOptions& options) {
    if (options.review.empty()) return;
    if (options.review.size() != 2 || !(options.review[0] < options.review[1])) {
        throw UsageError{"--review takes two scores, the lower one first",
                         "write --review LOW,HIGH, say --review .7,.9"};
    }
    if (options.threshold || !options.sample.truth.empty() || !options.unite.empty()) {
        throw UsageError{"--review excludes --threshold, --truth and --union",
                         "LOW of --review is the threshold"};
    }
    if (options.groups()) {
        throw UsageError{"--review sorts pairs, and --mode groups has none",
                         "give --mode all with it, and --threshold HIGH for the groups"};
    }
}

void check_one_catalog(const MatchOptions& options) {
    if (options.alone()) return;
    if (!options.variants.empty()) {
        throw UsageError{"--variants is about duplicates in one collection, and B is given",
                         "leave it out"};
    }
}

void check_union(const MatchOptions& options) {
    if (options.unite.empty()) return;
    if (options.ranking.preset != RankingOptions().preset) {
        throw UsageError{"--union and --preset exclude each other",
                         "name all presets with --union A=S,B=S"};
    }
    if (!options.features.empty()) {
        throw UsageError{"--features writes those of one preset, and --union asks several",
                         "give --preset instead of --union"};
    }
    if (options.other.source == "-") {
        throw UsageError{"standard input can be read only once, and --union asks several presets",
                         "give a file"};
    }
    if (options.threshold) {
        throw UsageError{"with --union every preset has a threshold of its own",
                         "write --union image=.9,text=.8 (or give --truth to learn them)"};
    }
    for (const auto& one : options.unite) {
        const bool has_threshold = one.find('=') != std::string::npos;
        if (has_threshold != options.sample.truth.empty()) {
            throw UsageError{
                fmt::format("--union {}: {}", one,
                            has_threshold ? "its threshold is learned from --truth"
                                          : "the preset has no threshold"),
                has_threshold ? "leave =S out" : "write PRESET=S, or give --truth to learn it"};
        }
    }
}

}  // namespace

void check_match_options(MatchOptions& options) {
    if (options.mode.empty()) options.mode = options.alone() ? "groups" : "best";
    check_mode(options);
    check_review(options);
    check_one_catalog(options);
    if (!options.review.empty()) options.threshold = options.review[0];
    check_threshold(options);
    check_union(options);
    const bool file_columns = !options.other.text.empty() || !options.other.images.empty() ||
                              options.other.image_root.has_value();
    if (options.alone() && file_columns) {
        throw UsageError{"--text, --image and --image-root are for a query file, and there is none",
                         "leave them out, or give B"};
    }
}

std::vector<MatchRanking> match_rankings(const MatchOptions& options) {
    const auto as_float = [](double value) { return static_cast<float>(value); };
    if (options.unite.empty()) {
        std::optional<float> threshold;
        if (options.threshold) threshold = as_float(*options.threshold);
        return {{options.ranking.preset, threshold}};
    }
    std::vector<MatchRanking> all;
    for (const auto& one : options.unite) {
        const auto at = one.rfind('=');
        MatchRanking ranking{one.substr(0, at), std::nullopt};
        if (at != std::string::npos) {
            const auto value = parse_number(one.substr(at + 1));
            if (!value) {
                throw UsageError{
                    fmt::format("--union {}: '{}' is no number", one, one.substr(at + 1)),
                    "write PRESET=THRESHOLD, say text=.8"};
            }
            ranking.threshold = as_float(*value);
        }
        all.push_back(std::move(ranking));
    }
    return all;
}

}  // namespace pmatch
