/// How a batch goes through a device that computes on its own: while one pass is under way the
/// next is prepared; when memory runs out, passes are halved.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "models/runtime/module.hpp"

namespace pmatch {

template <typename Flight>
struct PassSteps {
    /// Where the pass that begins at `begin` ends, passes being halved so often.
    std::function<std::size_t(std::size_t begin, int halvings)> end;
    std::function<Flight(std::size_t begin, std::size_t end)> start;  ///< may throw OutOfMemory
    std::function<void(Flight& flight, std::size_t begin, std::size_t end)> finish;
    /// Memory ran out for a pass of `count`; `halvings` is the new number.
    std::function<void(std::size_t count, int halvings)> halved;
};

/// Every input of 0 to `count` goes through exactly one finished pass, in order. `halvings` is
/// kept by the caller: what was too large once is not tried again. Throws OutOfMemory when a
/// single input has no room although nothing else is under way.
template <typename Flight>
void run_passes(std::size_t count, int& halvings, const PassSteps<Flight>& steps) {
    struct UnderWay {
        Flight flight;
        std::size_t begin;
        std::size_t end;
    };
    std::vector<UnderWay> previous;  // one at most; GCC 12 takes an optional for uninitialised
    const auto land = [&] {
        for (auto& pass : previous)
            steps.finish(pass.flight, pass.begin, pass.end);
        previous.clear();
    };
    for (std::size_t begin = 0; begin < count;) {
        const auto end = steps.end(begin, halvings);
        std::optional<Flight> next;
        try {
            next.emplace(steps.start(begin, end));
        } catch (const OutOfMemory&) {
            const bool alone = previous.empty();
            land();
            if (end - begin == 1) {
                if (alone) throw;
                continue;
            }
            steps.halved(end - begin, ++halvings);
            continue;
        }
        land();
        previous.push_back(UnderWay{std::move(*next), begin, end});
        begin = end;
    }
    land();
}

}  // namespace pmatch
