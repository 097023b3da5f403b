/// A query as the engine sees it, whoever asks: a command line, a file, an item of a catalog, a
/// program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

/// A text or a picture that is mixed into the vector of the query's own text or picture: weight
/// times its vector is added, so a weight below 0 leads away from it. Lists of words leave it out.
struct MixedInput {
    std::string text;               ///< or
    std::filesystem::path picture;  ///< one of the two
    double weight = 1;
};

struct Query {
    std::string id;
    std::string text;                           ///< empty = the query has none
    std::map<std::string, std::string> fields;  ///< its non-empty columns by name
    std::vector<std::filesystem::path> pictures;
    Problem problem;  ///< code not empty: it cannot be answered
    /// Of an item whose vectors are known (StoredQueryVectors); -1 = of none.
    std::int64_t row = -1;
    std::vector<MixedInput> mixed = {};
};

/// What is compared with texts of `source`: the query's column of that name where it has one,
/// else its text. A picture space is compared with the text.
inline const std::string& text_for(const Source& source, const Query& query) {
    const auto field = source.is_picture() ? query.fields.end() : query.fields.find(source.name());
    return field != query.fields.end() ? field->second : query.text;
}

/// The query has what the list compares.
inline bool has_input_for(const ListSpec& list, const Query& query) {
    return list.query == QueryPart::kImage ? !query.pictures.empty()
                                           : !text_for(list.source, query).empty();
}

}  // namespace pmatch
