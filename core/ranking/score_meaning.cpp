#include "core/ranking/score_meaning.hpp"

#include <fmt/format.h>

#include "core/ranking/fusion.hpp"

namespace pmatch {
namespace {

constexpr const char* kOrderOnly =
    "; it orders the answers of one query and says nothing of how "
    "good the first one is";

ScoreScale scale_of(const Recipe& recipe) {
    const auto* fusion = fusion_named(recipe.fusion.method);
    return fusion == nullptr ? ScoreScale::kPerQuery : fusion->scale;
}

double sum_of_weights(const Recipe& recipe) {
    double sum = 0;
    for (const auto& list : recipe.lists)
        sum += list.weight;
    return sum;
}

std::string meaning_of_list(const ListSpec& list) {
    switch (list.kind) {  // without default, so that the compiler names a kind that is forgotten
        case ListKind::kVector:
            return fmt::format(
                "the cosine in space {} (where lengths are 1, else the inner "
                "product), at most 1: it means the same for every query",
                list.name);
        case ListKind::kBm25:
            return fmt::format(
                "BM25 of {}, from 0 without an upper end: the more, and the rarer, "
                "words a query shares with an item, the higher",
                list.name);
        case ListKind::kExact:
            return fmt::format(
                "1 for an identifier that is the query's in the first column of {}, 1/2 in the "
                "second, 1/3 …: it means the same for every query",
                list.name);
    }
    return {};
}

/// "min-max", and the range where there is one.
std::string meaning_per_query(const Recipe& recipe) {
    const auto& fusion = recipe.fusion;
    const auto* entry = fusion_named(fusion.method);
    const bool min_max = entry != nullptr && entry->normalises &&
                         fusion.normalise == Normaliser::kMinMax && fusion.method != "combmnz";
    const auto what = fmt::format(
        "{} lists, each normalised over what it found for the query, "
        "weighted and added ({})",
        recipe.lists.size(), fusion.method);
    return min_max ? fmt::format("{}: 0 to {:g}", what, sum_of_weights(recipe)) : what;
}

}  // namespace

bool scores_compare_across_queries(const Recipe& recipe) {
    return !recipe.rescore && scale_of(recipe) == ScoreScale::kOfList;
}

std::string score_meaning(const Recipe& recipe, bool batch) {
    if (recipe.rescore) return std::string("a sum of the model's features") + kOrderOnly;
    std::string meaning;
    switch (scale_of(recipe)) {
        case ScoreScale::kOfList:
            meaning = meaning_of_list(recipe.lists.front());
            break;
        case ScoreScale::kOfRanks:
            meaning = fmt::format("made of the ranks in {} lists ({}){}", recipe.lists.size(),
                                  recipe.fusion.method, kOrderOnly);
            break;
        case ScoreScale::kPerQuery:
            meaning = meaning_per_query(recipe) + kOrderOnly;
            break;
        case ScoreScale::kCatalog:
            meaning = std::string(
                          "made of values that are normalised over the whole catalog for "
                          "each query") +
                      kOrderOnly;
            break;
    }
    if (recipe.verify) {
        meaning += fmt::format(
            "; of the best {}, plus {:g} ln(1 + the points beyond chance in "
            "which their picture agrees with the query's)",
            recipe.verify->top, recipe.verify->weight);
    }
    return batch ? meaning + "; --batch adds a part for the rank in return" : meaning;
}

}  // namespace pmatch
