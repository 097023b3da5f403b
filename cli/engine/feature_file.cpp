#include "cli/engine/feature_file.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"

namespace pmatch {

static_assert(std::endian::native == std::endian::little);

void FeatureFile::add(const std::vector<RankedItem>& candidates, FeatureRows features,
                      const std::vector<std::string>& names) {
    if (!file_) {
        file_.emplace(path_);
        std::vector<std::string> columns{"query", "row"};
        columns.insert(columns.end(), names.begin(), names.end());
        file_->write(nlohmann::json{{"columns", columns}}.dump() + "\n");
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::array keys{static_cast<float>(queries_), static_cast<float>(candidates[i].row)};
        file_->write(keys.data(), sizeof keys);
        const auto row = features.row(i);
        file_->write(row.data(), row.size_bytes());
    }
    ++queries_;
}

void check_has_model(const RankingPlan& plan) {
    if (plan.has_model()) return;
    throw UsageError{fmt::format("--features is for a preset with a model, which {} has not",
                                 plan.preset().name()),
                     "give --preset matcher"};
}

}  // namespace pmatch
