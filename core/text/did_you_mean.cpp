#include "core/text/did_you_mean.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace pmatch {
namespace {

/// Optimal string alignment: Boytsov, "Indexing methods for approximate dictionary searching",
/// 2011, section 2.2.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before;
    std::vector<std::size_t> above(b.size() + 1);
    std::iota(above.begin(), above.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min(
                {row[j - 1] + 1, above[j] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::move(above);
        above = std::move(row);
    }
    return above.back();
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
    const std::string* closest = nullptr;
    std::size_t least = word.size() / 3 + 1;
    for (const auto& one : known) {
        const auto distance = edits(word, one);
        if (distance >= least) continue;
        least = distance;
        closest = &one;
    }
    return closest == nullptr ? "" : fmt::format("; did you mean '{}'?", *closest);
}

}  // namespace pmatch
