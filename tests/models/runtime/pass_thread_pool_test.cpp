#include "models/runtime/pass_thread_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

TEST_CASE("every task is done once, call after call") {
    pmatch::Workers workers(3, [] {});
    for (std::size_t count : {1U, 2U, 100U, 0U, 7U}) {
        std::vector<std::atomic<int>> done(count);
        workers.run(count, [&](std::size_t i) { ++done[i]; });
        for (const auto& times : done)
            CHECK(times == 1);
    }
}

TEST_CASE("a task's exception reaches the caller and the workers live on") {
    pmatch::Workers workers(2, [] {});
    CHECK_THROWS_WITH_AS(workers.run(50,
                                     [](std::size_t i) {
                                         if (i == 7) throw std::runtime_error("seven");
                                     }),
                         "seven", std::runtime_error);
    std::atomic<int> done = 0;
    workers.run(5, [&](std::size_t) { ++done; });
    CHECK(done == 5);
}
