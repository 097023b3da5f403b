#include "data/ingest/column_type.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include "data/ingest/catalog_columns.hpp"

using namespace pmatch;

namespace {

ColumnTypeLearner learned(std::initializer_list<const char*> cells) {
    ColumnTypeLearner learner;
    for (const auto* cell : cells)
        learner.observe(cell);
    return learner;
}

ColumnType type_of(std::initializer_list<const char*> cells) {
    return learned(cells).type();
}

}  // namespace

TEST_CASE("a column of plain numbers is one of numbers") {
    CHECK(type_of({"9.50", "", "20"}) == ColumnType::kNumber);
    CHECK(type_of({"1", "2", "300"}) == ColumnType::kNumber);
    CHECK(type_of({"-1", "+2", "1e5", ".5"}) == ColumnType::kNumber);
    CHECK(type_of({"9.50", "007"}) == ColumnType::kNumber);
    CHECK(type_of({"0", "10"}) == ColumnType::kNumber);
    CHECK(type_of({"19990000", "2500"}) == ColumnType::kNumber);
    CHECK(type_of({"0.12345678901234567"}) == ColumnType::kNumber);
}

TEST_CASE("digits with zeros in front, too many or of one length are identifiers") {
    CHECK(type_of({"0012345678905", "12345678905"}) == ColumnType::kIdentifier);
    CHECK(type_of({"007", "12"}) == ColumnType::kIdentifier);
    CHECK(type_of({"007", "012", "x1"}) == ColumnType::kIdentifier);
    CHECK(type_of({"215250709085334181", "1", "2"}) == ColumnType::kIdentifier);
    CHECK(type_of({"4006381333931", "4012345678901"}) == ColumnType::kIdentifier);
    CHECK(type_of({"4006381333931"}) == ColumnType::kIdentifier);
    CHECK(type_of({"40063813", "96385074"}) == ColumnType::kIdentifier);
    CHECK(type_of({"96385074", "4006381333931", "614141000036"}) == ColumnType::kIdentifier);
    CHECK(type_of({"4006381333931", "4012345678901", "n/a"}) == ColumnType::kIdentifier);
}

TEST_CASE("most cells decide, so one word among numbers leaves them numbers") {
    const auto prices = learned({"9.99", "45.00", "call us", "", "1500.00"});
    CHECK(prices.type() == ColumnType::kTextAndNumber);
    CHECK(prices.unfit() == 1);
    CHECK(type_of({"9.99 EUR", "45.00 EUR"}) == ColumnType::kTextAndNumber);
    CHECK(type_of({"9.99", "1,500.00"}) == ColumnType::kTextAndNumber);
    CHECK(type_of({"red", "blue", "7"}) == ColumnType::kText);
    CHECK(type_of({"", ""}) == ColumnType::kText);
    CHECK(type_of({}) == ColumnType::kText);
}

TEST_CASE("the column's other numbers tell what one separator before three digits is") {
    const auto euros = learned({"12,50", "1.500"});
    CHECK(euros.type() == ColumnType::kTextAndNumber);
    CHECK(number_in_cell("1.500", euros.mark()) == 1500);
    const auto dollars = learned({"12.50", "1,500"});
    CHECK(number_in_cell("1,500", dollars.mark()) == 1500);
    CHECK(number_in_cell("1e5", dollars.mark()) == 100000);
}

TEST_CASE("the numbers of a text column have a column that no other has") {
    ColumnLearner learner({"price", "price_number", "title"});
    learner.observe({"1 EUR", "2 EUR", "mug"});
    const auto columns = learner.columns();
    CHECK(columns[0].number_column == "price_number_2");
    CHECK(columns[1].number_column == "price_number_number");
    CHECK(columns[2].number_column.empty());
    CHECK(columns[0].type() == "text and number");
    CHECK(columns[2].type() == "text");
}
