#include "data/engines/engine_recall.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "core/common/stopwatch.hpp"

namespace pmatch {

EngineRecall measure_recall(const EngineSearch& search, int queries, double seconds) {
    const Stopwatch watch;
    EngineRecall recall;
    double sum = 0;
    for (const auto& vector : search.sample(queries)) {
        if (recall.queries > 0 && watch.milliseconds() > 1000 * seconds) break;
        const auto exact = search.search_exactly(vector, kRecallDepth);
        std::unordered_set<std::int64_t> wanted;  // with the ties of the last, any of which will do
        for (const auto& one : exact)
            wanted.insert(one.row);
        const auto found = search.search(vector, {.depth = kRecallDepth}, {});
        const auto most = std::min<std::size_t>(kRecallDepth, exact.size());
        const auto hits = static_cast<std::size_t>(std::count_if(
            found.begin(), found.end(), [&](const auto& one) { return wanted.contains(one.row); }));
        sum +=
            most == 0 ? 1 : static_cast<double>(std::min(hits, most)) / static_cast<double>(most);
        ++recall.queries;
    }
    if (recall.queries > 0) recall.share = sum / recall.queries;
    return recall;
}

}  // namespace pmatch
