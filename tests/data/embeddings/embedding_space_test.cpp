#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

/// "id,title" of `count` products; those in `changed` have another title.
std::string catalog(int count, const std::vector<int>& changed = {}, int removed_every = 0) {
    std::string text = "id,title\n";
    for (int i = 0; i < count; ++i) {
        if (removed_every > 0 && i % removed_every == 0) continue;
        const bool other = std::find(changed.begin(), changed.end(), i) != changed.end();
        text += fmt::format("p{},{} {}\n", i, other ? "New" : "Mug", i);
    }
    return text;
}

void check_vectors(const std::filesystem::path& directory, const std::string& space,
                   std::size_t count) {
    const auto vectors = live_vectors(directory, space);
    CHECK(vectors.size() == count);
    InputKey last{-1, 0, {}};
    for (const auto& [key, vector] : vectors) {
        CHECK(std::pair(last.row, last.ordinal) < std::pair(key.row, key.ordinal));
        CHECK(vector == fake_vector(key, static_cast<int>(vector.size())));
        last = key;
    }
}

std::filesystem::path only_part(const std::filesystem::path& directory, const std::string& space) {
    const auto collection = Collection::open(directory);
    const auto& parts = collection.space(space).parts;
    REQUIRE(parts.size() == 1);
    return directory / parts[0].file;
}

}  // namespace

TEST_CASE("what is pending is embedded once, in windows cut by row number") {
    const TempDir dir("space-pending");
    write_file(dir / "shop.csv", catalog(10));
    ingest_file(dir / "shop", dir / "shop.csv");
    {
        auto collection = Collection::open_for_writing(dir / "shop");
        begin_space(collection, "text", fake_space("text"), false);
        const auto work = pending_work(collection, "text", {Source::text(), 4});
        std::vector<std::size_t> sizes;
        for (auto window = work->next_window(); !window.empty(); window = work->next_window()) {
            sizes.push_back(window.size());
        }
        CHECK(sizes == std::vector<std::size_t>{4, 4, 2});
        CHECK(count_pending(collection, "text", {Source::text(), 4}).total == 10);
    }
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 10);
    check_vectors(dir / "shop", "text", 10);
    const auto before = read_all(dir / "shop/collection.json");
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 0);
    CHECK(read_all(dir / "shop/collection.json") == before);
}

TEST_CASE("only new and changed items are embedded again, removed ones are gone") {
    const TempDir dir("space-changed");
    write_file(dir / "shop.csv", catalog(20));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"));
    const auto old_stamp = Collection::open(dir / "shop").space("text").stamp;
    write_file(dir / "shop.csv", catalog(22, {3, 7}, 5));  // 0, 5, 10, 15, 20 are gone
    ingest_file(dir / "shop", dir / "shop.csv");
    check_vectors(dir / "shop", "text", 14);
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 3);
    check_vectors(dir / "shop", "text", 17);
    const auto record = Collection::open(dir / "shop").space("text");
    CHECK(record.live == 17);
    CHECK_FALSE(record.stamp.empty());
    CHECK(record.stamp != old_stamp);
    // Back to the first titles: dead rows do not come alive unless their part is still there.
    write_file(dir / "shop.csv", catalog(20));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"));
    check_vectors(dir / "shop", "text", 20);
}

TEST_CASE("scattered live rows are gathered so that the view stays short") {
    const TempDir dir("space-scattered");
    write_file(dir / "shop.csv", catalog(1500));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"), 100);
    write_file(dir / "shop.csv", catalog(1500, {}, 2));
    ingest_file(dir / "shop", dir / "shop.csv");
    check_vectors(dir / "shop", "text", 750);
    const auto collection = Collection::open(dir / "shop");
    CHECK(collection.space("text").parts.at(0).rows == 750);
    CHECK(collection.space("text").live == 750);
}

TEST_CASE("what failed is in the ledger and is tried again only when its content changed") {
    const TempDir dir("space-skipped");
    write_file(dir / "shop.csv", "id,title\na,Mug\nb,broken\nc,Lamp\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 3);
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 0);
    {
        const auto collection = Collection::open(dir / "shop");
        const auto rows = ledger(collection);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].item == "b");
        CHECK(rows[0].stage == "embed text");
        CHECK(rows[0].code == "corrupt");
        const auto counts = count_pending(collection, "text", {Source::text(), 4});
        CHECK(counts.total == 3);
        CHECK(counts.done == 2);
        CHECK(counts.skipped == 1);
    }
    write_file(dir / "shop.csv", "id,title\na,Mug\nb,mended\nc,Lamp\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(ledger(Collection::open(dir / "shop")).empty());
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 1);
    check_vectors(dir / "shop", "text", 3);
}

TEST_CASE("a problem that may have mended is tried again") {
    const TempDir dir("space-retry");
    write_file(dir / "shop.csv", "id,title\na,Mug\nb,Lamp\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    auto collection = Collection::open_for_writing(dir / "shop");
    begin_space(collection, "text", fake_space("text"), false);
    {
        const auto window = pending_work(collection, "text", {Source::text(), 4})->next_window();
        SpaceWriter writer(collection, "text");
        auto embedded = fake_embed({window.at(0)}, 4);
        embedded.skipped.push_back({window.at(1).key, {"missing", "not there today"}});
        writer.append(std::move(embedded));
        writer.finish();
    }
    const auto again = pending_work(collection, "text", {Source::text(), 4})->next_window();
    REQUIRE(again.size() == 1);
    SpaceWriter writer(collection, "text");
    writer.append(fake_embed(again, 4));
    writer.finish();
    CHECK(ledger(collection).empty());
    CHECK(collection.space("text").parts.size() == 1);
    check_vectors(dir / "shop", "text", 2);
}

TEST_CASE("a vector that is not finite is a skipped input") {
    const TempDir dir("space-not-finite");
    write_file(dir / "shop.csv", "id,title\na,Mug\nb,Lamp\n");
    ingest_file(dir / "shop", dir / "shop.csv");
    auto collection = Collection::open_for_writing(dir / "shop");
    begin_space(collection, "text", fake_space("text"), false);
    auto window =
        fake_embed(pending_work(collection, "text", {Source::text(), 4})->next_window(), 4);
    window.vectors.at(1) = std::numeric_limits<float>::quiet_NaN();
    SpaceWriter writer(collection, "text");
    writer.append(std::move(window));
    writer.finish();
    CHECK(ledger(collection).at(0).code == "not_finite");
    check_vectors(dir / "shop", "text", 1);
}

TEST_CASE("another model for a space is refused by name, replaced when asked") {
    const TempDir dir("space-model");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"));
    auto other = fake_space("text", 3);
    other.model = "other";
    other.fingerprint = "f2";
    try {
        embed_space(dir / "shop", "text", other);
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(std::string(error.what()) ==
              "space 'text' was made by fake (fingerprint f1), this is other (fingerprint f2)");
        CHECK(words_of(error.remedy()).find("--replace") != std::string::npos);
    }
    check_vectors(dir / "shop", "text", 6);
    CHECK(embed_space(dir / "shop", "text", other, 4, -1, true) == 6);
    check_vectors(dir / "shop", "text", 6);
    CHECK(live_vectors(dir / "shop", "text").at(0).second.size() == 3);
    CHECK_THROWS_AS(embed_space(dir / "shop", "../text", fake_space("text")), UsageError);
    CHECK_THROWS_AS(embed_space(dir / "shop", "size", fake_space("size")), Error);
}

TEST_CASE("an embed killed at any commit goes on where it was, to the same vectors") {
    const TempDir dir("space-killed");
    write_file(dir / "shop.csv", catalog(30));
    ingest_file(dir / "whole", dir / "shop.csv");
    embed_space(dir / "whole", "text", fake_space("text"));
    for (const std::string step : {"start", "manifest", "staged"}) {
        CAPTURE(step);
        const auto shop = dir / ("shop-" + step);
        ingest_file(shop, dir / "shop.csv");
        embed_space(shop, "text", fake_space("text"), 4, 2);
        REQUIRE(killed_at(step, [&] {
            auto collection = Collection::open_for_writing(shop);
            const auto work = pending_work(collection, "text", {Source::text(), 4});
            SpaceWriter writer(collection, "text");
            writer.append(fake_embed(work->next_window(), 4));
            writer.finish();
        }));
        check_vectors(shop, "text", step == "start" ? 8 : 12);
        embed_space(shop, "text", fake_space("text"));
        CHECK(live_vectors(shop, "text") == live_vectors(dir / "whole", "text"));
        // One run's parts and another's are the same bytes once they are merged.
        CHECK(read_all(only_part(shop, "text")).size() ==
              read_all(only_part(dir / "whole", "text")).size());
    }
}

TEST_CASE("part_truncated") {
    const TempDir dir("part-truncated");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"));
    const auto part = only_part(dir / "shop", "text");
    std::filesystem::resize_file(part, 1000);
    try {
        live_vectors(dir / "shop", "text");
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(error.file().find("part-") != std::string::npos);
        CHECK(words_of(error.remedy()).find("pmatch embed") != std::string::npos);
    }
    // The command that the error names mends it.
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 6);
    check_vectors(dir / "shop", "text", 6);
}

TEST_CASE("part_with_a_flipped_bit") {
    const TempDir dir("part-flipped");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_space(dir / "shop", "text", fake_space("text"));
    flip_bit(only_part(dir / "shop", "text"), 3000);
    CHECK_THROWS_AS(live_vectors(dir / "shop", "text"), Error);
    CHECK(embed_space(dir / "shop", "text", fake_space("text")) == 6);
    check_vectors(dir / "shop", "text", 6);
}

TEST_CASE("part_that_is_not_hdf5") {
    const TempDir dir("part-foreign");
    write_file(dir / "part.h5", "not HDF5 at all");
    try {
        const PartReader reader(dir / "part.h5");
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(error.file() == (dir / "part.h5").string());
    }
}
