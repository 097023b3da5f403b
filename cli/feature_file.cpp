#include "cli/feature_file.hpp"

#include <array>
#include <bit>
#include <nlohmann/json.hpp>

namespace pmatch::cli {

static_assert(std::endian::native == std::endian::little);

void FeatureFile::add(const std::vector<RankedItem>& candidates, FeatureRows features,
                      const std::vector<std::string>& names) {
    if (!begun_) {
        std::vector<std::string> columns{"query", "row"};
        columns.insert(columns.end(), names.begin(), names.end());
        file_.write(nlohmann::json{{"columns", columns}}.dump() + "\n");
        begun_ = true;
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const std::array keys{static_cast<float>(queries_), static_cast<float>(candidates[i].row)};
        file_.write(keys.data(), sizeof keys);
        const auto row = features.row(i);
        file_.write(row.data(), row.size_bytes());
    }
    ++queries_;
}

}  // namespace pmatch::cli
