#include "data/indexes/index_update.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "data/maintenance/compact.hpp"
#include "tests/data/collection/life_support.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

using How = UpdatedIndex::How;

/// 40 texts, embedded.
struct Shop {
    TempDir dir{"index-update"};
    std::filesystem::path path = dir / "shop";
    std::map<std::string, std::string> titles;

    Shop() {
        for (int i = 10; i < 50; ++i)
            titles["i" + std::to_string(i)] = "thing " + std::to_string(i);
        bring();
    }
    void bring() {
        std::string csv = "id,title\n";
        for (const auto& [id, title] : titles)
            csv += id + "," + title + "\n";
        write_file(dir / "shop.csv", csv);
        ingest_file(path, dir / "shop.csv");
        embed_by_content(path, "text");
    }
    Ranking truth(const std::vector<float>& query) const {
        Ranking ranking;
        for (const auto& [id, title] : titles)
            ranking.emplace_back(id, product(query, content_vector(hash128(title))));
        order(ranking);
        return ranking;
    }
    void check_answers() const {
        const auto query = content_vector(hash128("a query"));
        CHECK(answers(Collection::open(path), "text", query) == truth(query));
    }
    IndexBuild sidecar() const {
        const auto collection = Collection::open(path);
        return load_index(collection, collection.manifest().indexes.at("text")).build_info();
    }
};

}  // namespace

TEST_CASE("only what changed is embedded") {
    const TempDir dir("only-changed");
    const auto bring = [&](const std::string& rows) {
        write_file(dir / "shop.csv", "id,title,image\n" + rows);
        ingest_file(dir / "shop", dir / "shop.csv");
        return std::pair(embed_by_content(dir / "shop", "text"),
                         embed_by_content(dir / "shop", "image"));
    };
    for (const auto* name : {"a", "b", "c"})
        write_file(dir / (std::string(name) + ".png"), name);
    CHECK(bring("1,Mug,a.png\n2,Lamp,b.png\n3,Bowl,c.png\n") == std::pair(3, 3));
    CHECK(bring("3,Bowl,c.png\n1,Mug,a.png\n2,Lamp,b.png\n") == std::pair(0, 0));  // re-ordered
    std::filesystem::rename(dir / "a.png", dir / "new.png");
    CHECK(bring("1,Mug,new.png\n2,Lamp,b.png\n3,Bowl,c.png\n") == std::pair(0, 0));
    CHECK(bring("1,Mug,new.png\n2,Desk lamp,b.png\n3,Bowl,c.png\n") == std::pair(1, 0));
    write_file(dir / "b.png", "another picture");
    CHECK(bring("1,Mug,new.png\n2,Desk lamp,b.png\n3,Bowl,c.png\n") == std::pair(0, 1));
    CHECK(bring("2,Desk lamp,b.png\n4,Jug,new.png\n") == std::pair(1, 1));
}

TEST_CASE("an index is extended while few of its vectors are dead") {
    for (const std::string layout : {"HNSW8", "IVF4,Flat", "IVF4,SQ8"}) {
        CAPTURE(layout);
        Shop shop;
        CHECK(index_space(shop.path, "text", layout).how == How::kRebuilt);
        shop.titles["n1"] = "new thing";
        shop.titles["i12"] = "changed thing";
        shop.titles.erase("i11");
        shop.bring();
        const auto updated = index_space(shop.path, "text", layout);
        CHECK(updated.how == How::kExtended);
        CHECK(updated.added == 2);
        CHECK(updated.count == 40);
        const auto build = shop.sidecar();
        CHECK(build.count == 42);
        CHECK(build.dead == 2);
        CHECK(build.trained == 40);
        CHECK(build.recall_sample > 0);
        CHECK(build.recall >= 0.95);
        CHECK(build.determinism.find("extended") != std::string::npos);
        CHECK(index_space(shop.path, "text", layout).how == How::kUpToDate);
        if (layout != "IVF4,SQ8") shop.check_answers();
    }
}

TEST_CASE("a Flat index is extended until something of it is dead") {
    Shop shop;
    index_space(shop.path, "text", "auto");
    shop.titles["n1"] = "new thing";
    shop.bring();
    CHECK(index_space(shop.path, "text", "auto").how == How::kExtended);
    shop.check_answers();
    shop.titles.erase("i20");
    shop.bring();
    const auto updated = index_space(shop.path, "text", "auto");
    CHECK(updated.how == How::kRebuilt);
    CHECK(updated.reason == "1 of its vectors are dead");
    CHECK(shop.sidecar().count == 40);
    shop.check_answers();
}

TEST_CASE("an index is rebuilt for a reason that is said") {
    Shop shop;
    index_space(shop.path, "text", "HNSW8");
    for (int i = 10; i < 16; ++i)
        shop.titles.erase("i" + std::to_string(i));
    shop.bring();
    CHECK(index_space(shop.path, "text", "HNSW8").reason == "6 of its 40 vectors are dead");
    CHECK(index_space(shop.path, "text", "Flat").reason == "its layout was HNSW8");
    shop.titles["n1"] = "new thing";
    shop.bring();
    flip_bit(shop.path / "indexes" / "text.faiss", 60);
    CHECK(index_space(shop.path, "text", "Flat").reason == "its files are damaged");
    index_space(shop.path, "text", "IVF2,Flat");
    for (int i = 0; i < 50; ++i)
        shop.titles["m" + std::to_string(i)] = "more " + std::to_string(i);
    shop.bring();
    CHECK(index_space(shop.path, "text", "IVF2,Flat").reason ==
          "it was trained on 35 vectors and would have 85");
    shop.check_answers();
}

TEST_CASE("an index without the keys of its vectors is refused once its space has changed") {
    Shop shop;
    index_space(shop.path, "text", "Flat");
    {
        auto collection = Collection::open_for_writing(shop.path);
        auto next = collection.manifest();
        auto& files = next.indexes.at("text").files;
        next.files.erase(files.back());
        files.pop_back();
        collection.commit(std::move(next));
    }
    shop.check_answers();
    shop.titles["n1"] = "new thing";
    shop.bring();
    try {
        open_space_index(Collection::open(shop.path), "text");
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(words_of(error.remedy()).find("pmatch build-index") != std::string::npos);
    }
    CHECK(index_space(shop.path, "text", "Flat").reason == "it was made by an older pmatch");
    shop.check_answers();
}

TEST_CASE("damaged keys of an index are refused before use") {
    Shop shop;
    index_space(shop.path, "text", "Flat");
    shop.titles["n1"] = "new thing";
    shop.bring();
    flip_bit(shop.path / "indexes" / "text.keys.npy", 150);
    CHECK_THROWS_AS(open_space_index(Collection::open(shop.path), "text"), Error);
}

TEST_CASE("compact drops what is dead, merges parts and changes no answer") {
    Shop shop;
    index_space(shop.path, "text", "Flat");
    for (int i = 10; i < 30; ++i)
        shop.titles["i" + std::to_string(i)] += " changed";
    shop.titles.erase("i40");
    shop.bring();
    const auto vectors = live_vectors(shop.path, "text");
    for (const std::string step : {"start", "manifest", "staged", "unlinked"}) {
        CAPTURE(step);
        killed_at(step, [&] {
            auto collection = Collection::open_for_writing(shop.path);
            compact(collection);
        });
        CHECK(live_vectors(shop.path, "text") == vectors);
        shop.check_answers();
    }
    auto collection = Collection::open_for_writing(shop.path);
    CHECK(!compact(collection).front().changed);
    CHECK(collection.space("text").parts.size() == 1);
    CHECK(collection.space("text").parts.front().rows == 39);
}
