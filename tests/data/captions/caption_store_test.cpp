#include "data/captions/caption_store.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/items/caption_part.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace pmatch;

CaptionsRecord writer_named(const std::string& fingerprint) {
    CaptionsRecord record;
    record.package = "/packages/fake";
    record.model = "fake";
    record.fingerprint = fingerprint;
    record.precision = "fp32";
    record.view = "single";
    record.max_tokens = 8;
    return record;
}

/// Six items with a picture each (no decoder looks at them).
void ingest_pictures(const std::filesystem::path& directory) {
    std::string catalog = "id,image\n";
    for (int i = 0; i < 6; ++i) {
        const auto name = std::to_string(i) + ".png";
        test::write_file(directory / name, "picture " + std::to_string(i));
        catalog += "p" + std::to_string(i) + "," + name + "\n";
    }
    test::write_file(directory / "catalog.csv", catalog);
    test::ingest_file(directory / "shop", directory / "catalog.csv");
}

/// Writes captions of what is pending, in windows of two rows; returns how many.
int write_captions(const std::filesystem::path& shop, int windows = -1, bool finish = true) {
    auto collection = Collection::open_for_writing(shop);
    begin_captions(collection, writer_named("f1"), false);
    const auto work = pending_captions(collection, 2);
    CaptionWriter writer(collection, 0);
    int count = 0;
    for (auto items = work->next_window(); !items.empty() && windows != 0;
         items = work->next_window(), --windows) {
        std::vector<CaptionEntry> window;
        for (const auto& item : items) {
            const bool bad = item.key.row == 4;
            window.push_back({item.key, bad ? "" : "row " + std::to_string(item.key.row),
                              bad ? Problem{"empty_caption", "nothing"} : Problem{}});
            ++count;
        }
        writer.append(std::move(window));
    }
    if (finish) writer.finish();
    return count;
}

std::vector<std::string> texts(const std::filesystem::path& shop) {
    const auto collection = Collection::open(shop);
    const Items items(collection);
    auto cursor = items.inputs(Source::captions());
    std::vector<std::string> found;
    while (cursor.next())
        found.push_back(std::to_string(cursor.key().row) + ": " + cursor.text());
    return found;
}

}  // namespace

TEST_CASE("captions are inputs that can be embedded, reasons are ledger rows") {
    const test::TempDir dir("captions_are_inputs");
    ingest_pictures(dir.path());
    const auto shop = dir.path() / "shop";
    CHECK(write_captions(shop) == 6);
    CHECK(texts(shop) ==
          std::vector<std::string>{"0: row 0", "1: row 1", "2: row 2", "3: row 3", "5: row 5"});
    const auto collection = Collection::open(shop);
    const auto rows = ledger(collection);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].stage == "caption");
    CHECK(rows[0].code == "empty_caption");
    CHECK(collection.manifest().captions.at("caption").parts.size() == 1);
    CHECK(test::embed_space(shop, "caption", test::fake_space("caption")) == 5);
}

TEST_CASE("a run that was killed goes on where it stopped") {
    const test::TempDir dir("captions_go_on");
    ingest_pictures(dir.path());
    const auto shop = dir.path() / "shop";
    CHECK(write_captions(shop, 2, false) == 4);
    CHECK(write_captions(shop) == 2);
    CHECK(texts(shop).size() == 5);
    CHECK(write_captions(shop) == 0);
}

TEST_CASE("a commit that is killed at any step loses no caption") {
    for (const auto* step : {"start", "manifest", "staged", "unlinked"}) {
        CAPTURE(step);
        const test::TempDir dir(std::string("captions_killed_at_") + step);
        ingest_pictures(dir.path());
        const auto shop = dir.path() / "shop";
        write_captions(shop, 1);
        CHECK(test::killed_at(step, [&] { write_captions(shop); }));
        write_captions(shop);
        CHECK(texts(shop).size() == 5);
    }
}

TEST_CASE("a picture that changed is described again, one that left is dead") {
    const test::TempDir dir("captions_follow_pictures");
    ingest_pictures(dir.path());
    const auto shop = dir.path() / "shop";
    write_captions(shop);
    test::write_file(dir.path() / "1.png", "another picture");
    test::write_file(dir.path() / "catalog.csv", "id,image\np1,1.png\np2,2.png\n");
    test::ingest_file(shop, dir.path() / "catalog.csv");
    CHECK(texts(shop) == std::vector<std::string>{"2: row 2"});
    CHECK(write_captions(shop) == 1);
    CHECK(texts(shop) == std::vector<std::string>{"1: row 1", "2: row 2"});
}

TEST_CASE("captions of other settings are refused, or replaced when that is asked for") {
    const test::TempDir dir("captions_refused");
    ingest_pictures(dir.path());
    const auto shop = dir.path() / "shop";
    write_captions(shop);
    test::embed_space(shop, "caption", test::fake_space("caption"));
    {
        auto collection = Collection::open_for_writing(shop);
        CHECK_THROWS_AS(begin_captions(collection, writer_named("f2"), false), Error);
        begin_captions(collection, writer_named("f2"), true);
    }
    CHECK(texts(shop).empty());
    CHECK(test::live_vectors(shop, "caption").empty());
}

TEST_CASE("a_caption_part_that_is_damaged_is_written_again") {
    const test::TempDir dir("captions_damaged");
    ingest_pictures(dir.path());
    const auto shop = dir.path() / "shop";
    write_captions(shop);
    const auto part = Collection::open(shop).manifest().captions.at("caption").parts.at(0).file;
    test::flip_bit(shop / part, 20);
    CHECK_THROWS_AS(texts(shop), Error);
    CHECK(write_captions(shop) == 6);
    CHECK(texts(shop).size() == 5);
}

TEST_CASE("lines that are no captions are refused with their number") {
    const test::TempDir dir("captions_bad_lines");
    const auto file = dir.path() / "part.jsonl";
    const std::string good =
        R"({"row":1,"ordinal":0,"content":"000102030405060708090a0b0c0d0e0f","caption":"a mug"})"
        "\n";
    test::write_file(file, good);
    CHECK(read_caption_part(file).at(0).caption == "a mug");
    for (const auto& bad :
         {std::string("nonsense\n"), good,  // not behind the first
          std::string(R"({"row":2,"ordinal":0,"content":"000102030405060708090a0b0c0d0e0f"})") +
              "\n",
          std::string(R"({"row":2,"ordinal":0,"content":"00","caption":"x"})") + "\n",
          std::string(R"({"row":2)")}) {
        test::write_file(file, good + bad);
        CHECK_THROWS_WITH_AS(read_caption_part(file), doctest::Contains("line 2"), Error);
    }
}
