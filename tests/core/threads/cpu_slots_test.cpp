#include "core/threads/cpu_slots.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

/// The most threads that computed at a time, of `threads` that each want `share` cores.
int most_at_a_time(int threads, int share) {
    std::atomic<int> busy = 0;
    std::atomic<int> most = 0;
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < threads; ++i) {
            workers.emplace_back([&] {
                for (int round = 0; round < 20; ++round) {
                    const pmatch::CpuSlots slots(share);
                    const int now = ++busy;
                    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
                    }
                    std::this_thread::sleep_for(std::chrono::microseconds(200));
                    --busy;
                }
            });
        }
    }
    return most;
}

}  // namespace

TEST_CASE("no more threads compute than there are slots, however many there are") {
    pmatch::set_cpu_slots(2);
    CHECK(most_at_a_time(6, 1) == 2);
    CHECK(most_at_a_time(4, 2) == 1);
    // More than there are: all of them.
    CHECK(most_at_a_time(3, 9) == 1);
    pmatch::set_cpu_slots(1);
    CHECK(most_at_a_time(4, 1) == 1);
    pmatch::set_cpu_slots(0);
}
