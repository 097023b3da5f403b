#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "data/items/items.hpp"
#include "data/items/sqlite.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

constexpr const char* kShop =
    "id,title,price,code\n"
    "a,Red mug,9.50,007\n"
    "b,Blue mug,,012\n"
    "c,Lamp,20,x1\n";

std::vector<std::string> files_below(const std::filesystem::path& directory) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (!entry.is_directory()) {
            files.push_back(entry.path().lexically_relative(directory).string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::int64_t row_of(const std::filesystem::path& directory, const std::string& id) {
    const auto row = Items(Collection::open(directory)).row_of(id);
    return row ? *row : -1;
}

}  // namespace

TEST_CASE("a catalog that says the same again writes nothing") {
    const TempDir dir("ingest-twice");
    write_file(dir / "shop.csv", kShop);
    const auto first = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(first.items == 3);
    CHECK(first.added == 3);
    const auto before = read_all(dir / "shop/collection.json");
    const auto files = files_below(dir / "shop");
    const auto second = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(second.unchanged == 3);
    CHECK(second.added + second.changed + second.removed == 0);
    CHECK(read_all(dir / "shop/collection.json") == before);
    CHECK(files_below(dir / "shop") == files);
}

TEST_CASE("a newer catalog is counted against the old one and rows are never used again") {
    const TempDir dir("ingest-newer");
    write_file(dir / "shop.csv", kShop);
    ingest_file(dir / "shop", dir / "shop.csv");
    write_file(dir / "shop.csv",
               "id,title,price,code\nd,Chair,5,1\nc,Lamp,21,x1\na,Red mug,9.50,007\n");
    const auto report = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(report.added == 1);
    CHECK(report.changed == 1);
    CHECK(report.removed == 1);
    CHECK(report.unchanged == 1);
    CHECK(row_of(dir / "shop", "a") == 0);
    CHECK(row_of(dir / "shop", "b") == -1);
    CHECK(row_of(dir / "shop", "c") == 2);
    CHECK(row_of(dir / "shop", "d") == 3);
    // b comes back as a new item; the highest row was removed before and stays unused.
    write_file(dir / "shop.csv", "id,title,price,code\na,Red mug,9.50,007\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    write_file(dir / "shop.csv", kShop);
    ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(row_of(dir / "shop", "a") == 0);
    CHECK(row_of(dir / "shop", "b") == 4);
    CHECK(row_of(dir / "shop", "c") == 5);
}

TEST_CASE("number columns are REAL, but cells are also kept as they were written") {
    const TempDir dir("ingest-numbers");
    write_file(dir / "shop.csv", "id,title,price,zip\na,Mug,9.50,007\nb,Cup,,012\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    const auto collection = Collection::open(dir / "shop");
    const Items items(collection);
    using Cells = std::vector<std::pair<std::string, std::string>>;
    CHECK(items.fields_of(0) == Cells{{"title", "Mug"}, {"price", "9.50"}, {"zip", "007"}});
    CHECK(items.fields_of(1) == Cells{{"title", "Cup"}, {"price", ""}, {"zip", "012"}});
    CHECK(items.title_of(0) == "Mug");
    auto zips = items.inputs(Source::parse("zip"));
    REQUIRE(zips.next());
    CHECK(zips.text() == "007");
    CHECK(zips.key().content == hash128("007"));
    auto prices = items.inputs(Source::parse("price"));
    REQUIRE(prices.next());
    CHECK(!prices.next());  // an absent cell is no input
}

TEST_CASE("columns that clash get a suffix, whatever their names") {
    const TempDir dir("ingest-columns");
    write_file(dir / "shop.csv",
               "id,Row,text,Title,title,\"a\"\"b; DROP TABLE items\"\n1,x,y,z,w,v\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    const auto collection = Collection::open(dir / "shop");
    const auto& fields = collection.manifest().items.fields;
    REQUIRE(fields.size() == 5);
    CHECK(fields[0].column == "Row_2");
    CHECK(fields[1].column == "text_2");
    CHECK(fields[2].column == "Title");
    CHECK(fields[3].column == "title_2");
    CHECK(Items(collection).fields_of(0).at(4).second == "v");
}

TEST_CASE("the first of two records with one id is kept, the other is in the ledger") {
    const TempDir dir("ingest-duplicate");
    write_file(dir / "shop.csv", "id,title\na,First\na,Second\nb,Other\n");
    const auto report = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(report.items == 2);
    CHECK(report.skipped == 1);
    const auto collection = Collection::open(dir / "shop");
    CHECK(Items(collection).title_of(0) == "First");
    const auto rows = ledger(collection);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].item == "a");
    CHECK(rows[0].stage == "ingest");
    CHECK(rows[0].code == "duplicate_id");
}

TEST_CASE("an item stays when a picture of it is missing, and later pictures keep their number") {
    const TempDir dir("ingest-missing-picture");
    write_file(dir / "two.png", "not decoded by ingest");
    write_file(dir / "shop.csv", "id,image\na,one.png|two.png\n");
    auto report = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(report.items == 1);
    CHECK(report.pictures == 1);
    CHECK(report.skipped == 1);
    {
        const auto collection = Collection::open(dir / "shop");
        CHECK(ledger(collection).at(0).code == "missing");
        const Items items(collection);
        auto pictures = items.inputs(Source::pictures());
        REQUIRE(pictures.next());
        CHECK(pictures.key().ordinal == 1);
        CHECK(pictures.key().content == hash128("not decoded by ingest"));
        CHECK(pictures.picture() == std::filesystem::absolute(dir / "two.png"));
    }
    write_file(dir / "one.png", "here it is");
    report = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(report.changed == 1);
    CHECK(report.pictures == 2);
    CHECK(ledger(Collection::open(dir / "shop")).empty());
}

TEST_CASE("items whose pictures moved are unchanged, and told apart from changed ones") {
    const TempDir dir("ingest-moved");
    for (const char* name : {"a.png", "b.png", "new/a.png", "new/b.png", "new/c.png"}) {
        std::filesystem::create_directories((dir / name).parent_path());
        write_file(dir / name,
                   std::string("bytes of ") + std::filesystem::path(name).stem().string());
    }
    write_file(dir / "shop.csv", "id,title,image\n1,Mug,a.png\n2,Jug,b.png\n3,Cup,a.png\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    // 1 moved; 2 moved, and has another title; 3 has another picture.
    write_file(dir / "shop.csv",
               "id,title,image\n3,Cup,new/c.png\n2,Jar,new/b.png\n1,Mug,new/a.png\n");
    const auto report = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(report.unchanged == 1);
    CHECK(report.moved == 1);
    CHECK(report.changed == 2);
    const Items items(Collection::open(dir / "shop"));
    CHECK(items.pictures_of(0) == std::vector{std::filesystem::absolute(dir / "new/a.png")});
    const auto again = ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(again.unchanged == 3);
    CHECK(again.moved == 0);
}

TEST_CASE("a catalog named without a directory has its pictures in the current one") {
    const TempDir dir("ingest-here");
    write_file(dir / "one.png", "x");
    write_file(dir / "shop.csv", "id,image\na,one.png\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(dir.path());
    const auto report = ingest_file("shop", "shop.csv");
    std::filesystem::current_path(before);
    CHECK(report.pictures == 1);
    const auto collection = Collection::open(dir / "shop");
    CHECK(std::filesystem::equivalent(Items(collection).pictures_of(0).at(0), dir / "one.png"));
}

TEST_CASE("a catalog without a usable item keeps the old state, or no directory at all") {
    const TempDir dir("ingest-empty");
    write_file(dir / "shop.csv", kShop);
    write_file(dir / "empty.csv", "id,title\n");
    CHECK_THROWS_AS(ingest_file(dir / "shop", dir / "empty.csv"), Error);
    CHECK(!std::filesystem::exists(dir / "shop"));
    ingest_file(dir / "shop", dir / "shop.csv");
    const auto before = read_all(dir / "shop/collection.json");
    CHECK_THROWS_AS(ingest_file(dir / "shop", dir / "empty.csv"), Error);
    CHECK(read_all(dir / "shop/collection.json") == before);
    CHECK(row_of(dir / "shop", "a") == 0);
}

TEST_CASE(
    "an ingest killed at any step leaves the old items or the new ones, and the next completes") {
    const TempDir dir("ingest-killed");
    for (const std::string step : {"start", "manifest", "staged"}) {
        CAPTURE(step);
        const auto shop = dir / ("shop-" + step);
        write_file(dir / "shop.csv", kShop);
        ingest_file(shop, dir / "shop.csv");
        embed_space(shop, "text", fake_space("text"));
        write_file(dir / "shop.csv", "id,title,price,code\nc,Lamp,20,x1\nz,New,1,2\n");
        REQUIRE(killed_at(step, [&] { ingest_file(shop, dir / "shop.csv"); }));
        CHECK(row_of(shop, "b") == (step == "start" ? 1 : -1));
        CHECK(live_vectors(shop, "text").size() == (step == "start" ? 3 : 1));
        ingest_file(shop, dir / "shop.csv");
        CHECK(row_of(shop, "z") == 3);
        CHECK(std::filesystem::exists(shop / "items.sqlite"));
        CHECK(std::filesystem::read_symlink(shop / "items.sqlite") ==
              Collection::open(shop).manifest().items.file);
        { const auto mended = Collection::open_for_writing(shop); }
        std::size_t named = Collection::open(shop).manifest().files.size();
        // Beside the named files there are the manifest, the lock and the link.
        CHECK(files_below(shop).size() == named + 3);
    }
}
