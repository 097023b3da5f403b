#include "data/items/item_filter.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

constexpr const char* kShop =
    "id,title,colour,price,row,Größe / cm\n"
    "a,Stoneware mug,red,9.50,1,12\n"
    "b,Blue mug,blue,,2,14\n"
    "c,Lamp 50%,red,60,3,\n"
    "d,O'Neill shirt,green,20,4,44\n";

struct Shop {
    explicit Shop(const std::string& name, const char* catalog = kShop) : dir(name) {
        write_file(dir / "shop.csv", catalog);
        ingest_file(dir / "shop", dir / "shop.csv");
    }
    std::string where(const std::string& condition) const {
        const auto collection = Collection::open(dir / "shop");
        const auto found = rows_where(collection, condition);
        const auto& rows = found.rows;
        warned.clear();
        for (const auto& warning : found.warnings)
            warned += warning.text + '\n';
        const Items items(collection);
        std::string ids;
        items.for_each_id([&](std::int64_t row, std::string_view id) {
            if (rows.contains(row)) ids += id;
        });
        CHECK(rows.size() == static_cast<std::int64_t>(ids.size()));
        return ids;
    }
    /// The message of the usage error.
    std::string refused(const std::string& condition,
                        std::chrono::milliseconds limit = std::chrono::seconds(10)) const {
        try {
            rows_where(Collection::open(dir / "shop"), condition, limit);
        } catch (const UsageError& error) {
            CHECK(words_of(error.remedy()).find("colour (text), price (number)") !=
                  std::string::npos);
            return error.what();
        }
        return "no error";
    }
    TempDir dir;
    mutable std::string warned;  ///< of the last where()
};

}  // namespace

TEST_CASE("a condition chooses items by their fields") {
    const Shop shop("where-fields");
    CHECK(shop.where("price < 50 and colour = 'red'") == "a");
    CHECK(shop.where("price is null or price > 50") == "bc");
    CHECK(shop.where("id in ('a', 'd')") == "ad");
    CHECK(shop.where("lower(title) like '%MUG%'") == "ab");
    CHECK(shop.where("title = 'O''Neill shirt'") == "d");
    CHECK(shop.where("\"Größe / cm\" > 13") == "bd");
    CHECK(shop.where("1") == "abcd");
    CHECK(shop.where("0").empty());
    CHECK(shop.where("price between 9 and 20 -- a comment") == "ad");
    CHECK(shop.where("iif(length(colour) = 4, round(coalesce(price, 1)) = 1, 0)") == "b");
}

TEST_CASE("one word among prices leaves them numbers, and is counted") {
    const Shop shop("where-one-word",
                    "id,price,old\na,9.99,\"1.500,00 €\"\nb,45.00,\"99,50 €\"\n"
                    "c,1500.00,1.200\nd,call us,\ne,,\n");
    CHECK(shop.where("price < 50") == "ab");
    CHECK(shop.warned ==
          "--where: 1 of the cells of 'price' is no number: no comparison with a number holds for "
          "them\n");
    CHECK(shop.where("price > 50") == "c");
    CHECK(shop.where("price < '50'") == "ab");
    CHECK(shop.where("price = 'call us'") == "d");
    CHECK(shop.where("price = ''") == "e");
    CHECK(shop.where("price is null") == "de");
    CHECK(shop.where("cast(price as real) < 50 and price glob '[0-9]*'") == "ab");
    CHECK(shop.where("old > 1000") == "ac");
    CHECK(shop.warned.empty());
    CHECK(shop.where("old like '%€'") == "ab");
    CHECK(shop.where("price_number = 45") == "b");
    CHECK(shop.where("id < 5").empty());
    CHECK(shop.where("price < 'd'") == "abcde");
    CHECK(shop.warned == "--where: 'price' is text and compared by its letters, not as a number\n");
}

TEST_CASE("identifiers keep their zeros and all their digits") {
    const Shop shop(
        "where-identifiers",
        "id,gtin,parent\na,0012345678905,215250709085334181\n"
        "b,12345678905,215250709085334180\nc,04012345678901,1\nd,,18446744073709551616\n");
    CHECK(shop.where("gtin = '0012345678905'") == "a");
    CHECK(shop.where("gtin = 0012345678905") == "a");
    CHECK(shop.where("gtin = 12345678905") == "b");
    CHECK(shop.where("gtin like '00%'") == "a");
    CHECK(shop.where("length(gtin) = 13") == "a");
    CHECK(shop.where("gtin > 12345678905") == "c");
    CHECK(shop.where("parent = 215250709085334181") == "a");
    CHECK(shop.where("parent in (215250709085334180, 1)") == "bc");
    CHECK(shop.where("parent = 18446744073709551616") == "d");
    CHECK(shop.where("parent < 5") == "c");
}

TEST_CASE("text in double quotes is a field, not a string") {
    const Shop shop("where-quotes");
    CHECK(shop.refused("colour = \"red\"").find("no such column: red") != std::string::npos);
    CHECK(shop.where("\"colour\" = 'red'") == "ac");
}

TEST_CASE("an unknown field is a usage error that lists the fields") {
    CHECK(Shop("where-unknown").refused("prize < 3").find("no such column: prize") !=
          std::string::npos);
}

TEST_CASE("nothing but an expression over the items is evaluated") {
    const Shop shop("where-hostile");
    const auto before = read_all(shop.dir / "shop/collection.json");
    for (const auto* condition : {"1); DROP TABLE items; --",
                                  "1) UNION SELECT row FROM pictures WHERE (1",
                                  "row IN (SELECT row FROM pictures)",
                                  "EXISTS (SELECT 1)",
                                  "1; SELECT 1",
                                  "(SELECT count(*) FROM sqlite_master) > 0",
                                  "load_extension('x')",
                                  "random() > 0",
                                  "randomblob(10) is not null",
                                  "sqlite_version() = '3'",
                                  "last_insert_rowid() = 1",
                                  "zeroblob(100000000) is null",
                                  "1) LIMIT (1",
                                  "1) ORDER BY (row",
                                  "1), (2",
                                  "",
                                  "1) GROUP BY (colour",
                                  "text_hash is null",
                                  "rowid = 1 and written is null",
                                  "count(*) > 0",
                                  "row_number() over () > 1",
                                  "?1 = 1 or (",
                                  "PRAGMA writable_schema=1",
                                  "1 /*",
                                  "ATTACH 'x' AS y"}) {
        INFO(condition);
        CHECK(shop.refused(condition) != "no error");
    }
    CHECK(read_all(shop.dir / "shop/collection.json") == before);
    CHECK(shop.where("1") == "abcd");
    CHECK(shop.refused(std::string("1\0 or 1", 7)) != "no error");
    CHECK(shop.refused(std::string(200'000, ' ') + "1") != "no error");
    CHECK(shop.refused(std::string(5'000, '(') + "1" + std::string(5'000, ')')) != "no error");
}

TEST_CASE("a condition that takes too long is stopped") {
    const TempDir dir("where-endless");
    std::string table = "id,title\n";
    for (int i = 0; i < 3000; ++i)
        table += std::to_string(i) + "," + std::string(300, 'a') + "\n";
    write_file(dir / "shop.csv", table);
    ingest_file(dir / "shop", dir / "shop.csv");
    std::string slow = "1";
    for (int i = 0; i < 100; ++i)
        slow += " and title || title || title like '%a%a%a%a%a%a%b%'";
    slow = "not (" + slow + ")";
    try {
        rows_where(Collection::open(dir / "shop"), slow, std::chrono::milliseconds(0));
        FAIL("no error");
    } catch (const UsageError& error) {
        CHECK(std::string(error.what()).find("takes too long") != std::string::npos);
    }
}
