#include "models/encoder/text_windows.hpp"

#include <doctest/doctest.h>

namespace {

using namespace pmatch;

Prepared text(std::vector<std::int32_t> tokens, std::vector<std::vector<std::int32_t>> more = {}) {
    Prepared prepared;
    prepared.tokens = std::move(tokens);
    prepared.more_windows = std::move(more);
    return prepared;
}

TEST_CASE("texts of one window are left alone") {
    const auto a = text({1, 2});
    const std::vector<const Prepared*> batch{&a, &a};
    CHECK_FALSE(TextWindows(batch).any());
}

TEST_CASE("the vector of a text is the mean of its windows, of unit length") {
    const auto shorter = text({1});
    const auto longer = text({2}, {{3}, {4}});
    const std::vector<const Prepared*> batch{&longer, &shorter};
    const TextWindows windows(batch);
    REQUIRE(windows.any());
    std::vector<std::int32_t> first;
    for (const auto* input : windows.inputs())
        first.push_back(input->tokens.front());
    CHECK(first == std::vector<std::int32_t>{2, 3, 4, 1});

    const std::vector<float> each{1, 0, 0, 1, 0, 1, 0.6F, 0.8F};
    std::vector<float> vectors(4);
    windows.pool(each, vectors, true);
    // (1, 2) / 3, scaled: (1, 2) / sqrt(5).
    CHECK(vectors[0] == doctest::Approx(0.4472136));
    CHECK(vectors[1] == doctest::Approx(0.8944272));
    CHECK(vectors[2] == 0.6F);
    CHECK(vectors[3] == 0.8F);
    windows.pool(each, vectors, false);
    CHECK(vectors[0] == doctest::Approx(1.0 / 3));
    CHECK(vectors[1] == doctest::Approx(2.0 / 3));
}

}  // namespace
