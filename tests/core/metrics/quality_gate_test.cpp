#include "core/metrics/quality_gate.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"

using namespace pmatch;

TEST_CASE("bounds are parted by commas, slices by a colon") {
    const auto bounds =
        parse_bounds("--fail-under",
                     "recall@10=.95,mrr=0.8,category=Shoes, women: flat:recall@1=1e-1,a=b=c:map=0");
    REQUIRE(bounds.size() == 4);
    CHECK(bounds[0].metric == "recall@10");
    CHECK(bounds[0].value == 0.95);
    CHECK_FALSE(bounds[0].slice);
    CHECK(bounds[1].subject() == "mrr");
    REQUIRE(bounds[2].slice);
    CHECK(bounds[2].slice->field == "category");
    CHECK(bounds[2].slice->value == "Shoes, women: flat");
    CHECK(bounds[2].metric == "recall@1");
    CHECK(bounds[3].slice->value == "b=c");
    CHECK(bounds[3].subject() == "a=b=c: map");
}

TEST_CASE("what is no bound is refused whole, not passed over") {
    for (const char* text :
         {"", "recall@10", "recall@10=", "recall@10=high", "=.9", "recall@1=.9,", "recall@1=.9,mrr",
          ":recall@1=.9", "=Shoes:recall@1=.9", "mrr=nan", "mrr=inf", "a=b=.5"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_bounds("--fail-under", text), UsageError);
    }
}

TEST_CASE("a floor is kept by an equal value and missed below") {
    GateCheck check{GateCheck::Kind::kFailUnder, {std::nullopt, "mrr", 0.3}, 0.1 + 0.2, {}, {}};
    CHECK_FALSE(check.failed());
    check.value = 0.3 - 1e-15;  // the last digit of another order of summing
    CHECK_FALSE(check.failed());
    check.value = 0.2999;
    CHECK(check.failed());
    CHECK(check.sentence() == "mrr is 0.2999, wanted at least 0.3");
}

TEST_CASE("a drop is kept up to the bound, and when it may be chance") {
    GateCheck check{GateCheck::Kind::kMaxDrop, {std::nullopt, "mrr", 0.01}, 0.49, 0.5, {}};
    CHECK_FALSE(check.failed());
    check.value = 0.48;
    CHECK(check.failed());
    check.p = 0.2;
    CHECK_FALSE(check.failed());
    check.p = 0.049;
    CHECK(check.failed());
    CHECK(check.sentence() == "mrr is 0.4800, wanted at most 0.01 below 0.5000 (p = 0.0490)");
    check.value = 0.9;
    CHECK_FALSE(check.failed());
}

TEST_CASE("failed checks come first, in the order they were asked for") {
    std::vector<GateCheck> checks;
    for (const double value : {0.9, 0.1, 0.8, 0.2}) {
        checks.push_back({GateCheck::Kind::kFailUnder, {std::nullopt, "mrr", 0.5}, value, {}, {}});
    }
    failed_first(checks);
    CHECK(checks[0].value == 0.1);
    CHECK(checks[1].value == 0.2);
    CHECK(checks[2].value == 0.9);
}

TEST_CASE("a value just below its bound does not look equal to it") {
    CHECK(format_distinct(0.94996, 0.95) == "0.94996");
    CHECK(format_distinct(0.91, 0.95) == "0.9100");
    CHECK(format_distinct(0.95, 0.95) == "0.9500");
}
