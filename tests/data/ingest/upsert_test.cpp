#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

struct Shop {
    TempDir dir{"upsert"};
    std::filesystem::path path = dir / "shop";

    Shop() {
        write_file(dir / "a.png", "a");
        write_file(dir / "shop.csv",
                   "id,title,price,image\n"
                   "1,Mug,9.50,a.png\n2,Lamp,20,gone.png\n3,Bowl,007,\n4,Jug,,\n");
        ingest_file(path, dir / "shop.csv");
    }
    IngestReport upsert(const std::string& csv, const std::set<std::string>& deleted = {}) {
        auto collection = Collection::open_for_writing(path);
        IngestOptions options;
        options.mode = IngestOptions::Mode::kUpsert;
        options.deleted = deleted;
        if (csv.empty()) return ingest(collection, {}, options);
        write_file(dir / "some.csv", csv);
        return ingest(
            collection, [&] { return open_catalog(dir / "some.csv", {}); }, options);
    }
    std::string cell(const std::string& id, const std::string& field) const {
        const Items items(Collection::open(path));
        for (const auto& [name, value] : items.fields_of(items.row_of(id).value())) {
            if (name == field) return value;
        }
        return "no such field";
    }
};

}  // namespace

TEST_CASE("an upsert adds and replaces items and leaves all others as they were") {
    Shop shop;
    std::filesystem::remove(shop.dir / "a.png");  // those that stay are not looked at again
    const auto report = shop.upsert("image,price,id,title\n,8,2,Desk lamp\n,1,5,Spoon\n");
    CHECK(report.added == 1);
    CHECK(report.changed == 1);
    CHECK(report.removed == 0);
    CHECK(report.unchanged == 3);
    const auto collection = Collection::open(shop.path);
    const Items items(collection);
    CHECK(items.count() == 5);
    CHECK(items.row_of("2") == 1);
    CHECK(items.row_of("5") == 4);
    CHECK(items.pictures_of(0) == std::vector{shop.dir / "a.png"});
    CHECK(shop.cell("2", "title") == "Desk lamp");
    CHECK(shop.cell("3", "price") == "007");
    CHECK(shop.cell("4", "price").empty());
    CHECK(collection.manifest().items.source == (shop.dir / "shop.csv").string());
}

TEST_CASE("ledger rows stay with the items that an upsert does not bring") {
    Shop shop;
    CHECK(ledger(Collection::open(shop.path)).size() == 1);
    shop.upsert("id,title,price,image\n3,Bowl,8,\n");
    const auto rows = ledger(Collection::open(shop.path));
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().item == "2");
    shop.upsert("id,title,price,image\n2,Lamp,20,\n");
    CHECK(ledger(Collection::open(shop.path)).empty());
}

TEST_CASE("the same upsert twice changes nothing the second time") {
    Shop shop;
    shop.upsert("id,title,price,image\n3,Big bowl,8,\n");
    const auto before = read_all(shop.path / "collection.json");
    CHECK(shop.upsert("id,title,price,image\n3,Big bowl,8,\n").unchanged == 4);
    CHECK(read_all(shop.path / "collection.json") == before);
}

TEST_CASE("a number column becomes a text column and back as an upsert makes it") {
    Shop shop;
    const auto is_number = [&] {
        const auto collection = Collection::open(shop.path);
        for (const auto& field : collection.manifest().items.fields) {
            if (field.name == "price") return field.number;
        }
        return false;
    };
    CHECK(is_number());
    shop.upsert("id,title,price,image\n4,Jug,on request,\n");
    CHECK(!is_number());
    CHECK(shop.cell("1", "price") == "9.50");
    shop.upsert("id,title,price,image\n4,Jug,12,\n");
    CHECK(is_number());
    CHECK(shop.cell("1", "price") == "9.50");
}

TEST_CASE("a new column of an upsert is absent where it was not brought") {
    Shop shop;
    shop.upsert("id,title,price,image,colour\n4,Jug,3,,red\n");
    CHECK(shop.cell("4", "colour") == "red");
    CHECK(shop.cell("1", "colour").empty());
}

TEST_CASE("an upsert that lacks a column is refused before anything changes") {
    Shop shop;
    const auto before = read_all(shop.path / "collection.json");
    CHECK_THROWS_WITH_AS(shop.upsert("id,price\n1,7\n"),
                         "the catalog lacks columns of the collection: title, image", Error);
    CHECK(read_all(shop.path / "collection.json") == before);
}

TEST_CASE("deleted items go without a catalog, and a deleted id comes back with a new row") {
    Shop shop;
    CHECK(shop.upsert({}, {"2", "unknown"}).removed == 1);
    CHECK(!Items(Collection::open(shop.path)).row_of("2"));
    shop.upsert("id,title,price,image\n2,Lamp,20,\n");
    CHECK(Items(Collection::open(shop.path)).row_of("2") == 4);
    CHECK_THROWS_WITH_AS(shop.upsert({}, {"1", "2", "3", "4"}), "no item would be left", Error);
}

TEST_CASE("a bad row of an upsert leaves its item as it was") {
    Shop shop;
    shop.upsert("id,title,price,image\n3,Bowl,1,,too,many\n4,Jug,5,\n");
    CHECK(shop.cell("3", "price") == "007");
    CHECK(shop.cell("4", "price") == "5");
    CHECK(ledger(Collection::open(shop.path)).front().code == "too_many_cells");
}
