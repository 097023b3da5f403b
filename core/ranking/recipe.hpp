/// A ranking recipe as data: which lists are retrieved and how they become one. What a preset
/// file says (recipe_json.hpp reads it), before it meets a collection.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/common/source.hpp"
#include "core/ranking/rerank_model.hpp"

namespace pmatch {

enum class ListKind { kVector, kBm25 };
enum class QueryPart { kImage, kText };

/// The part of a query that is what the inputs of `source` are.
inline QueryPart part_like(const Source& source) {
    return source.is_picture() ? QueryPart::kImage : QueryPart::kText;
}

/// How raw scores of a list become comparable with those of another, per query.
enum class Normaliser { kMinMax, kZScore };
/// What a gate compares with its threshold: the value normalised over the whole catalog, or as
/// it is.
enum class GateMode { kMinMax, kAbsolute, kZScore };

/// One ranked list of a query.
struct ListSpec {
    std::string name;  ///< unique in the recipe; what explanations and stages call it
    Source source;
    std::vector<Source> other_sources;  ///< taken in this order where the first has no list
    ListKind kind = ListKind::kVector;
    std::string space;     ///< of vectors; empty = the one called like the source, or the only one
    std::string analyser;  ///< of BM25; empty = 3gram if there is such an index, else words
    QueryPart query = QueryPart::kText;  ///< the part of the query that is compared
    double weight = 1;
    bool required = true;  ///< without it there is no answer; else it is left out
    bool exact = false;    ///< the index must compare every vector

    friend bool operator==(const ListSpec&, const ListSpec&) = default;
};

/// `three-stage`: keep the best, gate, order. Weights are by list, in the recipe's order.
struct StagedOptions {
    std::vector<double> keep_weights;
    std::size_t keep = 100;
    std::size_t gate_list = 0;
    GateMode gate_mode = GateMode::kMinMax;
    double at_least = 0;
    bool backfill = false;  ///< what the gate stops follows after what passed
    std::vector<double> order_weights;

    friend bool operator==(const StagedOptions&, const StagedOptions&) = default;
};

struct FusionOptions {
    std::string method = "none";  ///< a name of fusion_named(); "none" takes one list as it is
    int depth = 100;              ///< a list is cut here, or at the answers wanted if they are more
    bool depth_is_top = false;    ///< cut at the answers wanted
    double k = 60;                ///< of rrf
    Normaliser normalise = Normaliser::kMinMax;  ///< of wsum, combsum and combmnz
    StagedOptions staged = {};                   ///< of three-stage

    friend bool operator==(const FusionOptions&, const FusionOptions&) = default;
};

struct Recipe {
    std::string name;
    std::string description;
    /// The first of these recipes that fits collection and query answers; then the rest is unused.
    std::vector<std::string> first_of;
    bool all_lists = false;  ///< everything that the collection has
    std::vector<ListSpec> lists;
    FusionOptions fusion;
    std::optional<RerankModel> rescore;  ///< scores what fusion kept, and orders it anew
    std::optional<double> min_score;     ///< an item below is no answer
    std::string collapse;                ///< a field: the best item of each of its values only

    /// Lists must hold the score of every item.
    bool wants_complete_lists() const { return fusion.method == "three-stage"; }

    friend bool operator==(const Recipe&, const Recipe&) = default;
};

}  // namespace pmatch
