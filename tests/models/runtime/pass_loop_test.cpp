#include "models/runtime/pass_loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace {

/// A device with room for so many inputs, counting those of passes under way.
struct FakeDevice {
    FakeDevice(std::size_t has_room, std::size_t inputs_a_pass)
        : room(has_room), pass(inputs_a_pass) {}

    std::size_t room;
    std::size_t pass;  ///< inputs in a pass when nothing was halved
    std::size_t under_way = 0;
    std::size_t most_passes = 0;
    std::size_t passes = 0;
    std::vector<std::size_t> finished;
    std::vector<int> halvings_said;
    int halvings = 0;

    void run(std::size_t count) {
        pmatch::PassSteps<std::size_t> steps;
        steps.end = [&](std::size_t begin, int halved) {
            const auto size = std::max<std::size_t>(pass >> static_cast<unsigned>(halved), 1);
            return std::min(begin + size, count);
        };
        steps.start = [&](std::size_t begin, std::size_t end) {
            if (under_way + (end - begin) > room) throw pmatch::OutOfMemory{"full", {}, "wait"};
            under_way += end - begin;
            most_passes = std::max(most_passes, ++passes);
            return end - begin;
        };
        steps.finish = [&](std::size_t& size, std::size_t begin, std::size_t end) {
            REQUIRE(size == end - begin);
            under_way -= size;
            --passes;
            for (auto i = begin; i < end; ++i)
                finished.push_back(i);
        };
        steps.halved = [&](std::size_t, int halved) { halvings_said.push_back(halved); };
        pmatch::run_passes(count, halvings, steps);
    }

    void check_all(std::size_t count) const {
        REQUIRE(finished.size() == count);
        for (std::size_t i = 0; i < count; ++i)
            CHECK(finished[i] == i);
    }
};

}  // namespace

TEST_CASE("while one pass is under way the next is started") {
    FakeDevice device{100, 8};
    device.run(50);
    device.check_all(50);
    CHECK(device.most_passes == 2);
    CHECK(device.halvings_said.empty());
}

TEST_CASE("out of memory halves the passes until they fit, and says so each time") {
    FakeDevice device{20, 32};
    device.run(100);
    device.check_all(100);
    // 16 fit alone, 8 beside 8.
    CHECK(device.halvings_said == std::vector{1, 2});
    CHECK(device.most_passes == 2);
    SUBCASE("and the next batch begins with what fitted") {
        device.finished.clear();
        device.halvings_said.clear();
        device.run(40);
        device.check_all(40);
        CHECK(device.halvings_said.empty());
    }
}

TEST_CASE("room for one pass of one input is enough") {
    FakeDevice device{1, 4};
    device.run(9);
    device.check_all(9);
}

TEST_CASE("an input that does not fit alone ends the batch") {
    FakeDevice device{0, 4};
    CHECK_THROWS_AS(device.run(3), pmatch::OutOfMemory);
}

TEST_CASE("an empty batch starts nothing") {
    FakeDevice device{0, 4};
    device.run(0);
    CHECK(device.finished.empty());
}
