#include "core/ranked_search.hpp"

#include <algorithm>

namespace pmatch {

RankedList rank(std::span<const Neighbour> found, int k,
                const std::function<std::string(std::int64_t row)>& id_of_row) {
    RankedList answers;
    answers.reserve(found.size());
    for (const auto& neighbour : found) {
        answers.push_back({id_of_row(neighbour.row), neighbour.score});
    }
    // std::string compares its bytes as unsigned char.
    std::sort(answers.begin(), answers.end(), [](const Answer& a, const Answer& b) {
        return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    const auto kept = static_cast<std::size_t>(std::max(k, 0));
    if (answers.size() > kept) answers.resize(kept);
    return answers;
}

}  // namespace pmatch
