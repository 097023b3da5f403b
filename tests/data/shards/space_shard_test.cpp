#include "data/shards/shard_writers.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/shards/merge_shards.hpp"
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

/// A window's inputs with made-up vectors.
EmbeddedWindow embedded(const std::vector<EmbeddingInput>& work) {
    EmbeddedWindow window;
    for (const auto& item : work) {
        window.keys.push_back(item.key);
        const auto vector = fake_vector(item.key, 4);
        window.vectors.insert(window.vectors.end(), vector.begin(), vector.end());
    }
    return window;
}

constexpr int kWindowRows = 2;  // so the six texts are three windows

ShardOptions share(int index, int count) {
    ShardOptions options;
    options.shard = {index, count};
    options.window_rows = kWindowRows;
    return options;
}

/// Embeds at most `windows` windows of the shard, each a part of its own.
void embed_shard(const Collection& collection, ShardOptions options, int windows = 100,
                 const SpaceRecord& record = fake_space("text")) {
    options.checkpoint = 0;
    SpaceShardWriter writer(collection, "text", record, options);
    const auto source = writer.pending();
    for (; windows > 0; --windows) {
        const auto work = source->next_window();
        if (work.empty()) break;
        writer.append(embedded(work));
    }
    writer.finish();
}

std::vector<std::int64_t> live_rows(const Collection& collection) {
    std::vector<std::int64_t> rows;
    for_each_live_block(collection, "text", [&](std::span<const InputKey> keys, auto) {
        for (const auto& key : keys)
            rows.push_back(key.row);
    });
    return rows;
}

/// What merging says.
std::string refusal(const std::filesystem::path& shop,
                    const std::vector<std::filesystem::path>& others = {}) {
    auto collection = Collection::open_for_writing(shop);
    const auto before = collection.manifest().generation;
    try {
        merge_shards(collection, others);
    } catch (const Error& error) {
        CHECK(collection.manifest().generation == before);
        return error.what();
    }
    return "merged";
}

const std::vector<std::int64_t> kAllRows{0, 1, 2, 3, 4, 5};
const std::string kShard0 = "staging/embeddings/text/0-of-2";

TEST_CASE("shards are written beside a writer and a reader, and merged in one commit") {
    const TempDir dir("shards_beside");
    const auto shop = six_texts(dir);
    {
        // The lock is held; those who write shards need none.
        auto writing = Collection::open_for_writing(shop);
        const auto reading = Collection::open(shop);
        embed_shard(reading, share(0, 2));
        embed_shard(reading, share(1, 2));
    }
    auto collection = Collection::open_for_writing(shop);  // removes leftovers
    const auto merged = merge_shards(collection);
    REQUIRE(merged.size() == 1);
    CHECK(merged[0].name == "text");
    CHECK(merged[0].shards == 2);
    CHECK(merged[0].rows == 6);
    CHECK_FALSE(merged[0].there_before);
    CHECK(live_rows(collection) == kAllRows);
    CHECK_FALSE(std::filesystem::exists(shop / "staging"));
}

TEST_CASE("a shard holds every second window") {
    const TempDir dir("shards_windows");
    const auto shop = six_texts(dir);
    const auto collection = Collection::open(shop);
    const SpaceShardWriter writer(collection, "text", fake_space("text"), share(0, 2));
    const auto source = writer.pending();
    std::vector<std::int64_t> rows;
    for (auto work = source->next_window(); !work.empty(); work = source->next_window()) {
        for (const auto& item : work)
            rows.push_back(item.key.row);
    }
    CHECK(rows == std::vector<std::int64_t>{0, 1, 4, 5});
    CHECK(writer.count().total == 4);
}

TEST_CASE("a shard that was stopped goes on after its last window") {
    const TempDir dir("shards_resumed");
    const auto shop = six_texts(dir);
    const auto collection = Collection::open(shop);
    embed_shard(collection, share(0, 2), 1);
    const SpaceShardWriter again(collection, "text", fake_space("text"), share(0, 2));
    CHECK(again.count().done == 2);
    const auto window = again.pending()->next_window();
    REQUIRE(window.size() == 2);
    CHECK(window[0].key.row == 4);
}

TEST_CASE("what a damaged part of a shard held is done again") {
    const TempDir dir("shards_damaged_resume");
    const auto shop = six_texts(dir);
    const auto collection = Collection::open(shop);
    embed_shard(collection, share(0, 2));
    flip_bit(shop / kShard0 / "part-000001.h5", 900);
    {
        const SpaceShardWriter again(collection, "text", fake_space("text"), share(0, 2));
        CHECK(again.damaged() == 2);  // the second part follows it
        CHECK(again.count().done == 0);
    }
    embed_shard(collection, share(0, 2));
    embed_shard(collection, share(1, 2));
    auto writing = Collection::open_for_writing(shop);
    merge_shards(writing);
    CHECK(live_rows(writing) == kAllRows);
}

TEST_CASE("a missing shard, an unfinished one and both commands are named") {
    const TempDir dir("shards_missing");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 2), 1);
    CHECK(refusal(shop) ==
          "not all shards of space 'text' are done: 0/2 is unfinished (2 inputs), 1/2 is missing "
          "(2 inputs)");
    auto collection = Collection::open_for_writing(shop);
    try {
        merge_shards(collection);
    } catch (const Error& error) {
        REQUIRE(error.remedy().commands.size() == 2);
        CHECK(error.remedy().commands[1].arguments.back() == "1/2");
    }
}

TEST_CASE("a damaged shard is refused by name and changes nothing") {
    const TempDir dir("shards_damaged");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 2));
    embed_shard(Collection::open(shop), share(1, 2));
    flip_bit(shop / kShard0 / "part-000001.h5", 900);
    CHECK(refusal(shop) != "merged");
    CHECK(std::filesystem::exists(shop / kShard0 / "parts.json"));
}

TEST_CASE("the same shard twice is refused, with both places") {
    const TempDir dir("shards_twice");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 2));
    embed_shard(Collection::open(shop), share(1, 2));
    std::filesystem::copy(shop / kShard0, dir.path() / "copy",
                          std::filesystem::copy_options::recursive);
    const auto said = refusal(shop, {dir.path() / "copy"});
    CHECK(said.find("are the same share twice") != std::string::npos);
    CHECK(said.find((dir.path() / "copy").string()) != std::string::npos);
}

TEST_CASE("shards of another catalog are refused") {
    const TempDir dir("shards_foreign");
    const auto shop = six_texts(dir);
    write_file(dir.path() / "other.csv", "id,title\nu,uno\nv,due\nw,tre\nx,quattro\n");
    ingest_file(dir.path() / "other", dir.path() / "other.csv");
    embed_shard(Collection::open(shop), share(0, 2));
    embed_shard(Collection::open(dir.path() / "other"), share(1, 2));
    CHECK(refusal(shop, {dir.path() / "other"}) ==
          "shard 1/2 of space 'text' was made of another catalog: none of its 2 inputs is in this "
          "collection");
}

TEST_CASE("shards of two models, and of two cuts, are refused") {
    const TempDir dir("shards_mixed");
    const auto shop = six_texts(dir);
    auto other = fake_space("text");
    other.fingerprint = "f2";
    embed_shard(Collection::open(shop), share(0, 2));
    embed_shard(Collection::open(shop), share(1, 2), 100, other);
    CHECK(refusal(shop).find("are of different encoders") != std::string::npos);
    std::filesystem::remove_all(shop / "staging/embeddings/text/1-of-2");
    embed_shard(Collection::open(shop), share(1, 3));
    CHECK(refusal(shop).find("are shares of different cuts") != std::string::npos);
}

TEST_CASE("a shard for a space of another model is refused before it begins") {
    const TempDir dir("shards_other_model");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 1));
    {
        auto collection = Collection::open_for_writing(shop);
        merge_shards(collection);
    }
    auto other = fake_space("text");
    other.fingerprint = "f2";
    CHECK_THROWS_AS(embed_shard(Collection::open(shop), share(0, 2), 100, other), Error);
    CHECK_FALSE(std::filesystem::exists(shop / "staging"));
}

TEST_CASE("a merge that was killed before it removed the shards is finished by the next") {
    const TempDir dir("shards_merged_twice");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 1));
    std::filesystem::copy(shop / "staging", dir.path() / "kept",
                          std::filesystem::copy_options::recursive);
    auto collection = Collection::open_for_writing(shop);
    merge_shards(collection);
    const auto parts = collection.space("text").parts.size();
    const auto again = merge_shards(collection, {dir.path() / "kept"});
    REQUIRE(again.size() == 1);
    CHECK(again[0].there_before);
    CHECK(collection.space("text").parts.size() == parts);
    CHECK(live_rows(collection) == kAllRows);
}

TEST_CASE("a shard that is being written is not merged, and not written by two") {
    const TempDir dir("shards_locked");
    const auto shop = six_texts(dir);
    const auto reading = Collection::open(shop);
    const SpaceShardWriter writer(reading, "text", fake_space("text"), share(0, 1));
    CHECK(refusal(shop) == "shard 0/1 of space 'text' is still being written");
    CHECK_THROWS_AS(SpaceShardWriter(reading, "text", fake_space("text"), share(0, 1)), Error);
}

TEST_CASE("lists of parts of earlier versions are read, one of a newer pmatch is not") {
    const TempDir dir("shards_versions");
    const auto shop = six_texts(dir);
    embed_shard(Collection::open(shop), share(0, 1));
    const auto file = shop / "staging/embeddings/text/0-of-1/parts.json";
    const auto whole = nlohmann::json::parse(read_all(file));
    auto newer = whole;
    newer["version"] = 9;
    write_file(file, newer.dump());
    CHECK(refusal(shop) == "pmatch.staged format 9 is newer than this pmatch (reads 1 to 3)");
    auto first = whole;
    for (const auto* const field : {"schema", "version", "shard", "window_rows", "items"})
        first.erase(field);
    write_file(file, first.dump());
    CHECK(refusal(shop) == "merged");
}

}  // namespace
