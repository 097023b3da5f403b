#include "data/embeddings/staged_parts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

/// A collection of six texts.
std::filesystem::path six_texts(const TempDir& dir) {
    write_file(dir.path() / "catalog.csv",
               "id,title\na,one\nb,two\nc,three\nd,four\ne,five\nf,six\n");
    ingest_file(dir.path() / "shop", dir.path() / "catalog.csv");
    return dir.path() / "shop";
}

/// What is pending of rows `first` to `last`, embedded into the sink.
void embed_rows(const Collection& collection, EmbeddingSink& sink, std::int64_t first,
                std::int64_t last) {
    auto source = pending_work(collection, "text", {Source::text(), 2});
    for (auto work = source->next_window(); !work.empty(); work = source->next_window()) {
        EmbeddedWindow window;
        for (const auto& item : work) {
            if (item.key.row < first || item.key.row > last) continue;
            window.keys.push_back(item.key);
            const auto vector = fake_vector(item.key, 4);
            window.vectors.insert(window.vectors.end(), vector.begin(), vector.end());
        }
        sink.append(std::move(window));
    }
}

std::vector<std::int64_t> live_rows(const Collection& collection) {
    std::vector<std::int64_t> rows;
    for_each_live_block(collection, "text", [&](std::span<const InputKey> keys, auto) {
        for (const auto& key : keys)
            rows.push_back(key.row);
    });
    return rows;
}

/// All six texts as the waiting parts "one".
void stage_all(Collection& collection) {
    StagedSpaceWriter one(collection, "text", fake_space("text"), "one");
    embed_rows(collection, one, 0, 5);
    one.finish();
}

TEST_CASE("parts of two writers wait beside a third and are adopted, each in one commit") {
    const TempDir dir("staged_two_writers");
    const auto shop = six_texts(dir);
    {
        auto writing = Collection::open_for_writing(shop);
        begin_space(writing, "text", fake_space("text"), false);
        // The lock is held; those who stage need none.
        const auto reading = Collection::open(shop);
        StagedSpaceWriter one(reading, "text", fake_space("text"), "one");
        StagedSpaceWriter two(reading, "text", fake_space("text"), "two");
        embed_rows(reading, one, 0, 1);
        embed_rows(reading, two, 4, 5);
        one.finish();
        two.finish();
        SpaceWriter third(writing, "text");
        embed_rows(writing, third, 2, 3);
        third.finish();
    }
    auto collection = Collection::open_for_writing(shop);  // removes leftovers
    CHECK(live_rows(collection) == std::vector<std::int64_t>{2, 3});
    CHECK(staged_parts(collection) == std::vector<std::string>{"one", "two"});
    const auto before = collection.manifest().generation;
    const auto adopted = adopt_staged_parts(collection, "one");
    CHECK(adopted.rows == 2);
    CHECK(collection.manifest().generation == before + 1);
    adopt_staged_parts(collection, "two");
    SpaceWriter(collection, "text").finish();
    CHECK(live_rows(collection) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
    CHECK(staged_parts(collection).empty());
}

TEST_CASE("a damaged part that waits is refused and changes nothing") {
    const TempDir dir("staged_damaged");
    const auto shop = six_texts(dir);
    auto collection = Collection::open_for_writing(shop);
    begin_space(collection, "text", fake_space("text"), false);
    stage_all(collection);
    flip_bit(shop / "staging/one/part-000001.h5", 900);
    const auto before = collection.manifest().generation;
    CHECK_THROWS_AS(adopt_staged_parts(collection, "one"), Error);
    CHECK(collection.manifest().generation == before);
    CHECK(staged_parts(collection) == std::vector<std::string>{"one"});
}

TEST_CASE("a list of parts without a version is read, one of a newer pmatch is not") {
    const TempDir dir("staged_versions");
    const auto shop = six_texts(dir);
    auto collection = Collection::open_for_writing(shop);
    begin_space(collection, "text", fake_space("text"), false);
    stage_all(collection);
    const auto file = shop / "staging/one/parts.json";
    const auto whole = read_all(file);
    const std::string schema = "\"schema\": \"pmatch.staged\",";
    const std::string version = ",\n \"version\": 2";
    REQUIRE(whole.find(schema) != std::string::npos);
    REQUIRE(whole.find(version) != std::string::npos);
    auto newer = whole;
    newer.replace(newer.find(version), version.size(), ",\n \"version\": 9");
    write_file(file, newer);
    CHECK_THROWS_WITH_AS(adopt_staged_parts(collection, "one"),
                         "pmatch.staged format 9 is newer than this pmatch (reads 1 to 2)", Error);
    auto first = whole;
    first.erase(first.find(version), version.size());
    first.erase(first.find(schema), schema.size());
    write_file(file, first);
    CHECK(adopt_staged_parts(collection, "one").rows == 6);
}

TEST_CASE("parts of another model are refused by name") {
    const TempDir dir("staged_other_model");
    const auto shop = six_texts(dir);
    auto collection = Collection::open_for_writing(shop);
    begin_space(collection, "text", fake_space("text"), false);
    {
        SpaceWriter writer(collection, "text");
        embed_rows(collection, writer, 0, 1);
        writer.finish();
    }
    auto other = fake_space("text");
    other.fingerprint = "f2";
    {
        StagedSpaceWriter one(collection, "text", other, "one");
        embed_rows(collection, one, 2, 3);
        one.finish();
    }
    CHECK_THROWS_AS(adopt_staged_parts(collection, "one"), Error);
    CHECK(live_rows(collection) == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("a name under which parts wait is not given twice") {
    const TempDir dir("staged_name_taken");
    const auto collection = Collection::open(six_texts(dir));
    const StagedSpaceWriter one(collection, "text", fake_space("text"), "one");
    CHECK_THROWS_AS(StagedSpaceWriter(collection, "text", fake_space("text"), "one"), Error);
    CHECK_THROWS_AS(StagedSpaceWriter(collection, "text", fake_space("text"), "../one"),
                    UsageError);
}

}  // namespace
