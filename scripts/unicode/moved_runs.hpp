/// Runs of characters that move by the same amount, for tables that programs here write.
#pragma once

#include <unicode/umachine.h>

#include <cstddef>
#include <utility>
#include <vector>

/// Characters next to each other (step 1) or every second one (step 2).
struct MovedRun {
    UChar32 first;
    UChar32 last;
    UChar32 step;
    UChar32 delta;
};

/// `moves`: characters, ascending, and by how much each moves.
inline std::vector<MovedRun> moved_runs(const std::vector<std::pair<UChar32, UChar32>>& moves) {
    std::vector<MovedRun> runs;
    for (std::size_t i = 0; i < moves.size();) {
        const auto [first, delta] = moves[i];
        std::size_t end = i + 1;
        UChar32 step = 1;
        if (end < moves.size() && moves[end].second == delta && moves[end].first - first <= 2) {
            step = moves[end].first - first;
            while (end < moves.size() && moves[end].second == delta &&
                   moves[end].first - moves[end - 1].first == step)
                ++end;
        }
        runs.push_back({first, moves[end - 1].first, step, delta});
        i = end;
    }
    return runs;
}
