/// Internal to core: the field `rescore` of a preset file.
///
///     "rescore": {
///       "candidates": 50, "kept": 30, "title": ["title", "name"], "price": ["price"],
///       "mpn": ["mpn"], "brand": ["brand"],
///       "alone": [ {"feature": "title.jaccard", "mean": 0.2, "scale": 0.1, "weight": 1.5}, … ],
///       "batch": [ {"feature": "return.rank", … }, … ],
///       "odds": [ {"feature": "title.jaccard", … }, {"feature": "return.rank", … }, {"feature":
///       "bias", … } ]
///     }
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/ranking/rerank_model.hpp"

namespace pmatch {

RerankModel read_matcher(const nlohmann::json& json, const std::string& file);

}  // namespace pmatch
