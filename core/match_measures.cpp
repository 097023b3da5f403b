/// Numbers, with and without units, and colours. agree: how many are in both (log1p). conflict:
/// how many units have numbers on both sides and none in common, as a share of the units on both
/// sides; for numbers and colours: both have some, and none in common. lacking: how many of one
/// title's numbers the other lacks (log1p).
#include <algorithm>
#include <array>
#include <cmath>

#include "core/match_features.hpp"

namespace pmatch {
namespace {

constexpr std::array<std::string_view, 9> kNames{
    "units.agree",          "units.conflict",   "numbers.agree",
    "numbers.jaccard",      "numbers.conflict", "numbers.lacking.query",
    "numbers.lacking.item", "colours.agree",    "colours.conflict"};

using Hashes = std::vector<std::uint64_t>;

float common(const Hashes& a, const Hashes& b) {
    float count = 0;
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        if (*x == *y) {
            ++count;
            ++x;
            ++y;
        } else {
            *x < *y ? ++x : ++y;
        }
    }
    return count;
}

void fill(const MatchRecord& query, const MatchRecord& item, std::span<float> values) {
    const float units = common(query.units, item.units);
    const float kinds = common(query.unit_kinds, item.unit_kinds);
    values[0] = std::log1p(units);
    values[1] = kinds > 0 ? std::max(0.0F, kinds - units) / kinds : 0;
    const float numbers = common(query.title_numbers, item.title_numbers);
    const auto of_query = static_cast<float>(query.title_numbers.size());
    const auto of_item = static_cast<float>(item.title_numbers.size());
    values[2] = std::log1p(numbers);
    values[3] = of_query + of_item > 0 ? numbers / (of_query + of_item - numbers) : 0;
    values[4] = of_query > 0 && of_item > 0 && numbers == 0 ? 1 : 0;
    values[5] = std::log1p(of_query - numbers);
    values[6] = std::log1p(of_item - numbers);
    const float colours = common(query.colours, item.colours);
    values[7] = std::log1p(colours);
    values[8] = !query.colours.empty() && !item.colours.empty() && colours == 0 ? 1 : 0;
}

}  // namespace

FeatureFamily measure_features() {
    return {kNames, fill};
}

}  // namespace pmatch
