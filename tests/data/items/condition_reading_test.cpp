#include "data/items/condition_reading.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "data/items/condition_tokens.hpp"

using namespace pmatch;

namespace {

std::vector<FieldRecord> fields() {
    FieldRecord price{"price", "price", false, "price_number"};
    price.unfit = 1;
    FieldRecord gtin{"gtin", "gtin", false, "gtin_number", true};
    FieldRecord list{"list price", "list price", false, "list price_number"};
    list.decimal_comma = true;
    return {price, gtin, list, {"title", "title", false}, {"weight", "weight", true}};
}

std::string read(const std::string& condition) {
    static const auto kFields = fields();
    return read_condition(condition, kFields).sql;
}

}  // namespace

TEST_CASE("compared with numbers a column that is text and number is a number") {
    CHECK(read("price < 50") == "\"price_number\" < 50");
    CHECK(read("50>=price") == "50>=\"price_number\"");
    CHECK(read("price = 9.99") == "\"price_number\" = 9.99");
    CHECK(read("Price between 5 and 9 and title = 'x'") ==
          "\"price_number\" between 5 and 9 and title = 'x'");
    CHECK(read("items.price in (1, 2)") == "\"price_number\" in (1, 2)");
    CHECK(read("[price] not in (1)") == "\"price_number\" not in (1)");
    CHECK(read("price is null") == "\"price_number\" is null");
    CHECK(read("price not null") == "\"price_number\" not null");
    CHECK(read("price - 1 < weight") == "\"price_number\" - 1 < weight");
    CHECK(read("-price > -5") == "-\"price_number\" > -5");
    CHECK(read("abs(price) < 5") == "abs(\"price_number\") < 5");
    CHECK(read("coalesce(price, 0) < 5") == "coalesce(\"price_number\", 0) < 5");
    CHECK(read("(price) < ((5))") == "(\"price_number\") < ((5))");
    CHECK(read("price < \"list price\"") == "\"price_number\" < \"list price_number\"");
    CHECK(read("cast(price as real) < 5") == "cast(\"price_number\" as real) < 5");
    CHECK(read("case when price < 5 then 1 else 0 end") ==
          "case when \"price_number\" < 5 then 1 else 0 end");
    CHECK(read("case price when 5 then 1 end") == "case \"price_number\" when 5 then 1 end");
    CHECK(read("price and not price") == "\"price_number\" and not \"price_number\"");
    CHECK(read("price /* < */ < 5 -- price") == "\"price_number\" /* < */ < 5 -- price");
}

TEST_CASE("compared with texts it is a text") {
    for (const auto* condition :
         {"price = '9.99 EUR'", "price like '%EUR'", "price glob '[0-9]*'", "length(price) = 4",
          "lower(price) = 'call us'", "price || 'x' = 'ax'", "price in ('call us', '9.99')",
          "price is not 'call us'", "price collate nocase = 'CALL US'", "cast(price as text) = '1'",
          "iif(weight, price, 'none') = 'none'", "title = 'price < 5'", "weight < 5"})
        CHECK(read(condition) == condition);
}

TEST_CASE("a number in quotes orders as a number, in the way of the column") {
    CHECK(read("price < '50'") == "\"price_number\" < 50");
    CHECK(read("'1,500.00' < price") == "1500 < \"price_number\"");
    CHECK(read("\"list price\" < '1.500'") == "\"list price_number\" < 1500");
}

TEST_CASE("an identifier equals digits as they are written and is ordered as a number") {
    CHECK(read("gtin = 0012345678905") == "gtin = '0012345678905'");
    CHECK(read("gtin in (18446744073709551616, 2)") == "gtin in ('18446744073709551616', '2')");
    CHECK(read("gtin > 5") == "\"gtin_number\" > 5");
    CHECK(read("gtin like '00%'") == "gtin like '00%'");
    CHECK(read("title = 007") == "title = '007'");
}

TEST_CASE("order by letters is told") {
    const auto known = fields();
    CHECK(read_condition("title < 5", known).by_letters == std::vector{&known[3]});
    CHECK(read_condition("price < 'call'", known).by_letters == std::vector{&known[0]});
    CHECK(read_condition("price < 'call'", known).sql == "price < 'call'");
    CHECK(read_condition("title < 'm'", known).by_letters.empty());
    CHECK(read_condition("price < 5 or price > 9", known).as_numbers == std::vector{&known[0]});
}

TEST_CASE("what cannot be understood is said, not guessed") {
    CHECK_THROWS_AS(read("(price, 1) < (2, 3)"), std::invalid_argument);
    CHECK_THROWS_AS(read("price <"), std::invalid_argument);
    CHECK_THROWS_AS(read("price price"), std::invalid_argument);
    CHECK_THROWS_AS(read(std::string(1000, '(') + "price"), std::invalid_argument);
}

TEST_CASE("tokens end where SQL says") {
    const auto tokens = condition_tokens("a>='it''s'/**/||x'00'.5e+3-1");
    REQUIRE(tokens.size() == 9);
    CHECK(tokens[1].value == ">=");
    CHECK(tokens[2].value == "it's");
    CHECK(tokens[3].value == "||");
    CHECK(tokens[4].kind == ConditionToken::Kind::kOther);
    CHECK(tokens[5].value == ".5e+3");
    CHECK(tokens[6].value == "-");
    CHECK(tokens[8].kind == ConditionToken::Kind::kEnd);
    CHECK(condition_tokens("'open").size() == 2);
}
