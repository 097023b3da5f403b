/// A query, from whatever origin: a command line, a file, an item of a catalog, a program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/lexical/analyser.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

/// A text or picture whose vector, times weight, is added to the vector of the query's own text or
/// picture; a negative weight steers away from it. Ignored by lexical lists.
struct MixedInput {
    std::string text;               ///< either a text
    std::filesystem::path picture;  ///< or a picture
    double weight = 1;
};

struct Query {
    std::string id;
    std::string text;                           ///< empty = no text
    std::map<std::string, std::string> fields;  ///< non-empty columns by name
    std::vector<std::filesystem::path> pictures;
    Problem problem;  ///< code not empty: the query cannot be answered
    /// Row of the item whose stored vectors are used (StoredQueryVectors); -1 = none.
    std::int64_t row = -1;
    std::vector<MixedInput> mixed = {};
};

/// The query's text for lists of `source`: its column of that name if it has one, else its text.
/// Picture spaces use the text.
inline const std::string& text_for(const Source& source, const Query& query) {
    const auto field = source.is_picture() ? query.fields.end() : query.fields.find(source.name());
    return field != query.fields.end() ? field->second : query.text;
}

/// Whether the query has a column of a list of identifiers, or a text that may be one.
bool has_identifier(const ListSpec& list, const Query& query);

/// Whether the query has an input for the list; a text that holds neither letter nor number is
/// none.
inline bool has_input_for(const ListSpec& list, const Query& query) {
    if (list.kind == ListKind::kExact) return has_identifier(list, query);
    return list.query == QueryPart::kImage ? !query.pictures.empty()
                                           : says_something(text_for(list.source, query));
}

}  // namespace pmatch
