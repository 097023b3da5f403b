/// Splits a batch into passes for an asynchronous device: the next pass is prepared while one is
/// running; passes are halved if memory is insufficient.
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
    /// The end of the pass that starts at `begin`, after `halvings` halvings.
    std::function<std::size_t(std::size_t begin, int halvings)> end;
    std::function<Flight(std::size_t begin, std::size_t end)> start;  ///< may throw OutOfMemory
    std::function<void(Flight& flight, std::size_t begin, std::size_t end)> finish;
    /// Called when a pass of `count` ran out of memory; `halvings` is the new number.
    std::function<void(std::size_t count, int halvings)> halved;
};

/// Every input of 0 to `count` is in exactly one finished pass, in order. The caller keeps
/// `halvings`, so that a size that failed is not tried again. Throws OutOfMemory if a single input
/// does not fit although no other pass is running.
template <typename Flight>
void run_passes(std::size_t count, int& halvings, const PassSteps<Flight>& steps) {
    struct UnderWay {
        Flight flight;
        std::size_t begin;
        std::size_t end;
    };
    std::vector<UnderWay> previous;  // at most one; GCC 12 reports an optional as uninitialised
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
