/// The report of `pmatch tune`, for people and programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/tuning/bm25_grid_search.hpp"
#include "core/common/remedy.hpp"
#include "core/tuning/recipe_selection.hpp"

namespace pmatch {

/// A threshold and its results for first answers.
struct TuneThreshold {
    std::string wanted;  ///< "f1" or "precision=0.95"
    double min_score = 0;
    MeanOverSplits precision;  ///< on held-out halves
    MeanOverSplits recall;
    MeanOverSplits f1;
};

struct TuneReport {
    std::filesystem::path collection;
    std::filesystem::path queries;
    std::filesystem::path truth;
    bool batch = false;
    std::uint64_t seed = 1;
    std::string metric;
    std::size_t asked = 0;     ///< queries of the file
    std::size_t labelled = 0;  ///< of these, in the truth
    std::size_t groups = 0;    ///< disjoint groups of labelled queries
    std::size_t recipes = 0;   ///< evaluated

    std::string start;                    ///< the preset's name
    std::string start_line;               ///< its summary
    std::vector<std::string> contenders;  ///< summary of each recipe
    RecipeChoice choice;
    std::optional<TuneThreshold> threshold;
    std::vector<Bm25Finding> bm25;
    std::filesystem::path out;

    const std::string& chosen_line() const { return contenders[choice.contender]; }
    /// "no recipe is better than preset hybrid by more than chance: …", or the gain.
    std::string verdict() const;
    MeanOverSplits train(double TwoValues::*value) const;
};

/// "0.9512 ± 0.0084".
std::string with_interval(const MeanOverSplits& value);

/// Formats a command for the user's shell.
using CommandWriter = std::function<std::string(const Command&)>;

std::string tune_table(const TuneReport& report, const CommandWriter& write);
std::string tune_markdown(const TuneReport& report, const CommandWriter& write);
std::string tune_json(const TuneReport& report, const CommandWriter& write);

/// The comment at the top of the preset file.
std::string tune_comment(const TuneReport& report, const CommandWriter& write);

}  // namespace pmatch
