#include "core/identifiers/identifier.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pmatch;

TEST_CASE("trade numbers of all lengths become 14 digits if their check digit is right") {
    // Examples of the GS1 General Specifications and of public check digit calculators.
    CHECK(trade_number("96385074") == "00000096385074");
    CHECK(trade_number("614141000036") == "00614141000036");
    CHECK(trade_number("4006381333931") == "04006381333931");
    CHECK(trade_number("10614141000415") == "10614141000415");
    CHECK(trade_number("978-3-16-148410-0") == "09783161484100");
    CHECK(trade_number("0012345678905") == trade_number("012345678905"));
    for (const auto* wrong : {"4006381333932", "96385075", "400638133393", "12345678905",
                              "00000000000000", "4006381333931x", "", "40063813339311111"}) {
        INFO(wrong);
        CHECK(!trade_number(wrong));
    }
    CHECK(has_trade_length("4006381333932"));
    CHECK(
        !has_trade_length("400638133393"
                          "a"));
}

TEST_CASE("part numbers are compared without punctuation and case") {
    CHECK(part_number("DSC-W55/B") == "dscw55b");
    CHECK(part_number(" dscw55b ") == "dscw55b");
    CHECK(part_number("n/a").empty());
    CHECK(part_number("unknown").empty());
    CHECK(part_number("-7").empty());
    CHECK(part_number(std::string(100, '7')).empty());
}

TEST_CASE("a cell may hold several identifiers, and a short text with digits be one") {
    CHECK(identifiers_in("4006381333931|96385074; x1") ==
          std::vector<std::string_view>{"4006381333931", "96385074", " x1"});
    CHECK(identifiers_in("").empty());
    CHECK(may_be_identifier("DSC-W55"));
    CHECK(!may_be_identifier("red mug"));
    CHECK(!may_be_identifier("a red mug with 2 handles and a lid of white porcelain"));
}
