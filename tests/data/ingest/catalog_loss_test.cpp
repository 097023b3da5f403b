#include "data/ingest/catalog_loss.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

/// A shop of ten items with a picture each, and what a newer catalog does to it.
class Shop {
public:
    Shop() {
        for (int i = 0; i < 10; ++i)
            write_file(dir_ / fmt::format("{}.png", i), fmt::format("picture {}", i));
        CHECK(ingest(catalog(0, 10)) == "done");
    }

    static std::string catalog(int first, int last, const std::string& header = "id,title,image") {
        auto text = header + "\n";
        for (int i = first; i < last; ++i)
            text += fmt::format("{0},thing {0},{0}.png\n", i);
        return text;
    }

    /// "done", or what the error says.
    std::string ingest(const std::string& csv, const IngestOptions& given = {}) {
        write_file(dir_ / "catalog.csv", csv);
        auto collection = Collection::create_or_open(dir_ / "shop");
        auto options = given;
        options.source = "catalog.csv";
        try {
            pmatch::ingest(
                collection, [&] { return open_catalog(dir_ / "catalog.csv", {}); }, options);
        } catch (const Error& error) {
            return error.what();
        }
        return "done";
    }
    std::int64_t items() const { return Items(Collection::open(dir_ / "shop")).count(); }
    std::vector<Skipped> ledger() const { return pmatch::ledger(Collection::open(dir_ / "shop")); }
    const TempDir& dir() const { return dir_; }

private:
    TempDir dir_{"catalog-loss"};
};

}  // namespace

TEST_CASE("a catalog that has lost more than half of the items is refused, and changes nothing") {
    Shop shop;
    const auto before = read_all(shop.dir() / "shop/collection.json");
    CHECK(shop.ingest(Shop::catalog(0, 4)) ==
          "6 of 10 items are not in the catalog and would be removed");
    CHECK(shop.ingest(Shop::catalog(20, 30)) ==
          "10 of 10 items are not in the catalog and would be removed");
    CHECK(read_all(shop.dir() / "shop/collection.json") == before);
    CHECK(shop.ingest(Shop::catalog(0, 5)) == "done");
    CHECK(shop.items() == 5);
}

TEST_CASE("how much may be lost can be said") {
    Shop shop;
    IngestOptions options;
    options.max_loss = 0.1;
    CHECK(shop.ingest(Shop::catalog(0, 8), options) != "done");
    CHECK(shop.ingest(Shop::catalog(0, 9), options) == "done");
    options.max_loss = 1;
    CHECK(shop.ingest(Shop::catalog(0, 1), options) == "done");
    CHECK(shop.items() == 1);
}

TEST_CASE("items that are to be deleted are no loss") {
    Shop shop;
    IngestOptions options;
    options.deleted = {"4", "5", "6", "7", "8", "9"};
    CHECK(shop.ingest(Shop::catalog(0, 4), options) == "done");
}

TEST_CASE("a quote that takes most rows is refused by their number, and the ledger names it") {
    Shop shop;
    auto csv = Shop::catalog(0, 10);
    csv.replace(csv.find("thing 2"), 0, "\"");
    CHECK(shop.ingest(csv) ==
          "8 of 10 rows cannot be used (bad_quotes 8); line 4: the quote of line 4 is still open "
          "at the end; lines 4 to 11 are lost with it");
    CHECK(shop.items() == 10);
    REQUIRE(shop.ledger().size() == 1);
    CHECK(shop.ledger().front().stage == "ingest, refused");
    CHECK(shop.ledger().front().code == "bad_quotes");
    CHECK(shop.ingest(Shop::catalog(0, 10)) == "done");
    CHECK(shop.ledger().empty());
}

TEST_CASE("a first catalog of which most rows are lost is an error and keeps what could be read") {
    Shop shop;
    std::filesystem::remove_all(shop.dir() / "shop");
    auto csv = Shop::catalog(0, 10);
    csv.replace(csv.find("thing 2"), 0, "\"");
    CHECK(shop.ingest(csv).starts_with("8 of 10 rows cannot be used"));
    CHECK(shop.items() == 2);
    CHECK(shop.ledger().size() == 1);
    // The same again is no better.
    CHECK(shop.ingest(csv).starts_with("8 of 10 rows cannot be used"));
}

TEST_CASE("an upsert of which most rows are lost is refused") {
    Shop shop;
    IngestOptions options;
    options.mode = IngestOptions::Mode::kUpsert;
    CHECK(shop.ingest("id,title,image\n1,a,b,c\n2,a,b,c\n3,new,3.png\n", options)
              .starts_with("2 of 3 rows cannot be used (too_many_cells 2)"));
    CHECK(shop.ingest("id,title,image\n1,a,b,c\n3,new,3.png\n", options) == "done");
}

TEST_CASE("rows of separators and repeated ids are no lost rows") {
    Shop shop;
    auto csv = Shop::catalog(0, 10);
    for (int i = 0; i < 30; ++i)
        csv += i % 2 == 0 ? ",,\n" : "3,again,3.png\n";
    CHECK(shop.ingest(csv) == "done");
    CHECK(shop.ledger().size() == 30);
}

TEST_CASE("pictures that vanish from most items are refused, whatever the reason") {
    Shop shop;
    const auto refused = "10 of 10 pictures that items had are gone";
    CHECK(shop.ingest(Shop::catalog(0, 10, "id,title,photo")) ==
          "the catalog has no column 'image', in which 10 of 10 items have a cell");
    auto without = Shop::catalog(0, 10);
    for (std::size_t at = 0; (at = without.find(".png", at)) != std::string::npos;)
        without.replace(at - 1, 5, "");
    CHECK(shop.ingest(without) == refused);
    IngestOptions elsewhere;
    elsewhere.image_root = shop.dir() / "gone";
    CHECK(shop.ingest(Shop::catalog(0, 10), elsewhere) == refused);
    CHECK(shop.items() == 10);
    std::filesystem::remove(shop.dir() / "1.png");
    CHECK(shop.ingest(Shop::catalog(0, 10)) == "done");
}

TEST_CASE("new pictures do not hide that the old ones are gone") {
    Shop shop;
    for (int i = 0; i < 10; ++i) {
        std::filesystem::rename(shop.dir() / fmt::format("{}.png", i),
                                shop.dir() / fmt::format("{}.png", i + 10));
    }
    CHECK(shop.ingest(Shop::catalog(0, 20)) == "10 of 10 pictures that items had are gone");
}

TEST_CASE("a column that is gone is refused if most items had something in it") {
    Shop shop;
    std::string noted = "id,title,image,note\n";
    for (int i = 0; i < 10; ++i)
        noted += fmt::format("{0},thing {0},{0}.png,{1}\n", i, i < 5 ? "new" : "");
    CHECK(shop.ingest(noted) == "done");
    CHECK(shop.ingest(Shop::catalog(0, 10)) == "done");
    CHECK(shop.ingest(Shop::catalog(0, 10, "id,name,image")) ==
          "the catalog has no column 'title', in which 10 of 10 items have a cell");
    CHECK(shop.ingest(Shop::catalog(0, 10, "ID,Title,image")) == "done");
}

TEST_CASE("a column that became empty is refused if most items had something in it") {
    Shop shop;
    const auto emptied = [](int items) {
        auto text = Shop::catalog(0, 10);
        for (int i = 0; i < items; ++i) {
            const auto title = fmt::format("thing {}", i);
            text.replace(text.find(title), title.size(), "");
        }
        return text;
    };
    CHECK(shop.ingest(emptied(6)) ==
          "the column 'title' is empty in 6 of 10 items that had a cell in it");
    CHECK(shop.ingest(emptied(5)) == "done");
}

TEST_CASE("a file that breaks off in its last row is refused if items are missing behind it") {
    Shop shop;
    const auto csv = Shop::catalog(0, 10);
    CHECK(
        shop.ingest(csv.substr(0, csv.find("7,thing") + 4)) ==
        "the file breaks off in line 9: 3 of 10 items are not in the catalog and would be removed");
    CHECK(shop.ingest(csv.substr(0, csv.size() - 8)) == "done");  // the last one alone
    CHECK(shop.items() == 9);
}

TEST_CASE("an upsert may lack a column in which there is nothing") {
    Shop shop;
    CHECK(shop.ingest("id,title,image,\n" + Shop::catalog(0, 10).substr(15)) == "done");
    IngestOptions options;
    options.mode = IngestOptions::Mode::kUpsert;
    CHECK(shop.ingest(Shop::catalog(9, 11), options) == "done");
}
