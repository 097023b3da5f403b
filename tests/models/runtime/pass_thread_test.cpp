#include "models/runtime/pass_thread.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using pmatch::run_on_pass_thread;

TEST_CASE("all passes run on one thread, one after the other, which is none of the callers") {
    std::thread::id first;
    run_on_pass_thread([&] { first = std::this_thread::get_id(); });
    int running = 0;
    int wrong = 0;
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 8; ++i) {
            callers.emplace_back([&] {
                for (int round = 0; round < 50; ++round) {
                    run_on_pass_thread([&] {
                        if (running++ != 0 || std::this_thread::get_id() != first) ++wrong;
                        --running;
                    });
                }
            });
        }
    }
    CHECK(wrong == 0);
    CHECK(first != std::this_thread::get_id());
}

TEST_CASE("what a pass throws reaches its caller, and the next caller is served") {
    CHECK_THROWS_AS(run_on_pass_thread([] { throw std::runtime_error("no"); }), std::runtime_error);
    bool ran = false;
    run_on_pass_thread([&] { ran = true; });
    CHECK(ran);
}

}  // namespace
