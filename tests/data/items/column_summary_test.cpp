#include "data/items/column_summary.hpp"

#include <doctest/doctest.h>

#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

constexpr const char* kShop =
    "id,title,colour,price,ean,o'brand \"x\"\n"
    "a,Mug,red,9.50,0012345678905,A\n"
    "b,Jug,blue,,0012345678905,A\n"
    "c,Lamp,red,60,4006381333931,A\n"
    "d,Shirt,,-3,4006381333931,A\n"
    "e,Shoe,blue,20,4006381333931,\n"
    "f,Boot,red,20,0012345678905,B\n";

using Values = std::vector<std::pair<std::string, std::int64_t>>;

std::vector<ColumnSummary> summaries(std::size_t most) {
    const TempDir dir("column_summary");
    write_file(dir / "shop.csv", kShop);
    ingest_file(dir / "shop", dir / "shop.csv");
    return summarise_columns(Collection::open(dir / "shop"), most);
}

TEST_CASE("columns have the range of their numbers or their values, the most frequent first") {
    const auto columns = summaries(30);
    REQUIRE(columns.size() == 4);  // not the title: values that stand once are no filter
    CHECK(columns[0].name == "colour");
    CHECK(!columns[0].range);
    CHECK(columns[0].values == Values{{"red", 3}, {"blue", 2}});
    CHECK(columns[1].name == "price");
    CHECK(columns[1].range == std::pair(-3.0, 60.0));
    CHECK(columns[1].values.empty());
    // Identifiers are names, not numbers; of equally frequent ones the first by its bytes.
    CHECK(columns[2].values == Values{{"0012345678905", 3}, {"4006381333931", 3}});
    CHECK(columns[3].name == "o'brand \"x\"");
    CHECK(columns[3].values == Values{{"A", 4}, {"B", 1}});
}

TEST_CASE("no more values than wanted are listed") {
    CHECK(summaries(1)[0].values == Values{{"red", 3}});
}

}  // namespace
