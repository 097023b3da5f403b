/// Preset files: a recipe as JSON with comments.
///
///     {
///       "description": "one line for `pmatch presets`",
///       "lists": [                               or "all": everything that the collection has
///         { "name": "text", "source": "text", "kind": "vector", "space": "text", "query": "text",
///           "weight": 1, "required": true, "exact": false },
///         { "source": "text", "kind": "bm25", "analyser": "3gram" }
///       ],
///       "fuse": { "method": "wsum", "depth": 100, "normalise": "minmax" },
///       "verify": { "space": "local", "top": 20, "weight": 0.15, "required": false },
///       "min_score": 0.2,
///       "collapse": "model"
///     }
///
/// or {"description": …, "first_of": ["image", "text"]}. docs/presets.md has every field.
#pragma once

#include <string>
#include <string_view>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// Throws Error, naming `file`, the field, the value found and the value expected, unless the text
/// is a recipe without unknown fields.
Recipe parse_recipe(std::string_view text, const std::string& name, const std::string& file);

}  // namespace pmatch
