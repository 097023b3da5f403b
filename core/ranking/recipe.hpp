/// A ranking recipe as data: which lists are retrieved and how they are fused. The content of a
/// preset file (read by recipe_json.hpp), before it is resolved for a collection.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/common/source.hpp"
#include "core/ranking/rerank_model.hpp"

namespace pmatch {

enum class ListKind { kVector, kBm25, kExact };
enum class QueryPart { kImage, kText };

/// The part of a query that corresponds to the inputs of `source`.
inline QueryPart part_like(const Source& source) {
    return source.is_picture() ? QueryPart::kImage : QueryPart::kText;
}

/// How raw scores of different lists are made comparable, per query.
enum class Normaliser { kMinMax, kZScore };
/// The value that a gate compares with its threshold: normalised over the whole catalog, or raw.
enum class GateMode { kMinMax, kAbsolute, kZScore };

/// One ranked list of a query.
struct ListSpec {
    std::string name;  ///< unique in the recipe; used in explanations and stages
    Source source;
    /// Tried in this order if the first source has no list; of identifiers: the other columns.
    std::vector<Source> other_sources;
    ListKind kind = ListKind::kVector;
    std::string space;  ///< for vectors; empty = the space named like the source, or the only one
    std::string model;  ///< for vectors: that made the space; empty = any, networks first
    std::string analyser;  ///< for BM25; empty = 3gram if such an index exists, else words
    QueryPart query = QueryPart::kText;  ///< the part of the query to compare
    double weight = 1;
    bool required = true;  ///< queries without it fail; otherwise the list is skipped
    bool exact = false;    ///< requires exact search

    friend bool operator==(const ListSpec&, const ListSpec&) = default;
};

/// `three-stage`: keep the best, gate, sort. Weights are per list, in the recipe's order.
struct StagedOptions {
    std::vector<double> keep_weights;
    std::size_t keep = 100;
    std::size_t gate_list = 0;
    GateMode gate_mode = GateMode::kMinMax;
    double at_least = 0;
    bool backfill = false;  ///< items rejected by the gate follow those that passed
    std::vector<double> order_weights;

    friend bool operator==(const StagedOptions&, const StagedOptions&) = default;
};

struct FusionOptions {
    std::string method = "none";  ///< see fusion_named(); "none" returns a single list unchanged
    int depth = 100;            ///< lists are truncated at this depth, or at top if that is larger
    bool depth_is_top = false;  ///< truncate at top
    double k = 60;              ///< of fusions that have it, such as rrf
    Normaliser normalise = Normaliser::kMinMax;  ///< of fusions that normalise
    StagedOptions staged = {};                   ///< of three-stage

    friend bool operator==(const FusionOptions&, const FusionOptions&) = default;
};

/// `verify`: the best items are compared with the query's picture by their local features, see
/// core/engine/picture_verifier.hpp for the formula.
struct VerifyOptions {
    std::string space = "local";
    std::size_t top = 20;   ///< so many of the best are compared
    double weight = 0.15;   ///< chosen on photos of another set than those it is judged on
    bool mirrored = false;  ///< pictures are compared as a mirror shows them, too
    bool required = false;  ///< a collection without the space cannot serve the recipe

    friend bool operator==(const VerifyOptions&, const VerifyOptions&) = default;
};

struct Recipe {
    std::string name;
    std::string description;
    /// Names of presets: the first that fits collection and query is used; then the rest is unused.
    std::vector<std::string> first_of;
    bool all_lists = false;                       ///< all lists of the collection
    std::map<std::string, double> model_weights;  ///< of all_lists: by the space's model; else 1
    std::vector<ListSpec> lists;
    FusionOptions fusion;
    std::optional<VerifyOptions> verify;  ///< compares pictures of the fused candidates
    std::optional<RerankModel> rescore;   ///< re-ranks the fused candidates
    bool exact = false;  ///< what the collection's list of identifiers finds comes first
    std::optional<double> min_score;  ///< items with lower scores are dropped
    /// From 0 to 1: what the lists of the query's picture weigh together; those of its text weigh
    /// the rest. Not set: every list has its own weight.
    std::optional<double> image_weight;
    std::string collapse;  ///< a field: only the best item per value is kept

    /// Lists must contain the scores of all items.
    bool wants_complete_lists() const { return fusion.method == "three-stage"; }

    friend bool operator==(const Recipe&, const Recipe&) = default;
};

}  // namespace pmatch
