#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/embeddings/vectors_by_item.hpp"
#include "data/maintenance/compact.hpp"
#include "data/maintenance/doctor.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

constexpr int kWidth = 5;

/// Number of inputs that were pending.
int embed_ragged(const std::filesystem::path& directory, int windows = -1) {
    return embed_space(directory, "local", ragged_space("text", kWidth), 4, windows);
}

std::string catalog(int count, int removed_every = 0) {
    std::string text = "id,title\n";
    for (int i = 0; i < count; ++i) {
        if (removed_every > 0 && i % removed_every == 0) continue;
        text += fmt::format("p{},{} {}\n", i, i == 7 ? "broken" : "Mug", i);
    }
    return text;
}

/// What the collection says of each item is what was computed for it, and doctor finds no fault.
void check_all(const std::filesystem::path& directory, std::size_t inputs) {
    const auto collection = Collection::open(directory);
    std::size_t seen = 0;
    for_each_vector_block(collection, "local", [&](const VectorBlock& block) {
        REQUIRE(block.ends.size() == block.keys.size());
        std::size_t begin = 0;
        for (std::size_t i = 0; i < block.keys.size(); ++i) {
            const auto got =
                block.vectors.subspan(begin * kWidth, (block.ends[i] - begin) * kWidth);
            CHECK(std::vector<float>(got.begin(), got.end()) ==
                  ragged_vectors(block.keys[i], kWidth));
            begin = block.ends[i];
            ++seen;
        }
        CHECK(block.vectors.size() == begin * kWidth);
    });
    CHECK(seen == inputs);
    {
        // Closed before doctor opens the parts through the view: HDF5 1.10 cannot open them twice.
        const VectorsByItem by_item(collection, "local");
        CHECK(by_item.count() == inputs);
        for_each_vector_block(collection, "local", [&](const VectorBlock& block) {
            for (const auto& key : block.keys) {
                const auto found = by_item.of(key.row, 4);
                REQUIRE(found.size() == 1);
                CHECK(found[0].place == 0);
                CHECK(found[0].vectors == ragged_vectors(key, kWidth));
            }
        });
    }
    for (const auto& finding : examine(collection)) {
        CAPTURE(finding.detail);
        CHECK(finding.state == Finding::State::kGood);
    }
}

}  // namespace

TEST_CASE("inputs with any number of vectors are stored, also those with none") {
    const TempDir dir("ragged");
    write_file(dir / "shop.csv", catalog(25));
    ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(embed_ragged(dir / "shop") == 25);
    check_all(dir / "shop", 24);
    // An input without vectors is done, not pending.
    CHECK(embed_ragged(dir / "shop") == 0);
    const auto collection = Collection::open(dir / "shop");
    CHECK(ledger(collection).size() == 1);
    CHECK(VectorsByItem(collection, "local").of(10, 4).at(0).vectors.empty());
    CHECK(VectorsByItem(collection, "local").of(3, 0).empty());
    CHECK(VectorsByItem(collection, "local").of(999, 4).empty());
    CHECK(VectorsByItem(collection, "local").of(7, 4).empty());
}

TEST_CASE("an interrupted run of such inputs goes on, and dead rows leave") {
    const TempDir dir("ragged-again");
    write_file(dir / "shop.csv", catalog(25));
    ingest_file(dir / "shop", dir / "shop.csv");
    CHECK(embed_ragged(dir / "shop", 3) == 12);
    check_all(dir / "shop", 11);
    CHECK(embed_ragged(dir / "shop") == 13);
    check_all(dir / "shop", 24);
    write_file(dir / "shop.csv", catalog(30, 5));  // 0, 5, 10, 15, 20 and 25 are gone
    ingest_file(dir / "shop", dir / "shop.csv");
    check_all(dir / "shop", 19);
    CHECK(embed_ragged(dir / "shop") == 4);
    check_all(dir / "shop", 23);
    auto collection = Collection::open_for_writing(dir / "shop");
    compact(collection);
    collection = Collection::open(dir / "shop");
    std::int64_t rows = 0;
    for (const auto& part : collection.space("local").parts)
        rows += part.rows;
    CHECK(rows == 23);
    check_all(dir / "shop", 23);
}

TEST_CASE("windows in any order are sorted, and values that are not finite set aside") {
    const TempDir dir("ragged-order");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    {
        auto collection = Collection::open_for_writing(dir / "shop");
        begin_space(collection, "local", ragged_space("text", kWidth), false);
        auto inputs = pending_work(collection, "local", {Source::text(), 8})->next_window();
        std::reverse(inputs.begin(), inputs.end());
        auto window = fake_embed(inputs, kWidth, "broken", true);
        window.vectors.at(0) = std::numeric_limits<float>::infinity();  // of row 5
        SpaceWriter writer(collection, "local");
        writer.append(std::move(window));
        writer.finish();
        CHECK(ledger(collection).at(0).code == "not_finite");
    }
    check_all(dir / "shop", 5);
}

TEST_CASE("an index or a list of such a space is refused by name") {
    const TempDir dir("ragged-index");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_ragged(dir / "shop");
    const auto collection = Collection::open(dir / "shop");
    CHECK_THROWS_WITH_AS(
        for_each_live_block(collection, "local", [](auto, auto) {}),
        "space 'local' has any number of vectors per picture (fake), and an index wants one",
        Error);
}

TEST_CASE("part_with_ends_that_descend") {
    const TempDir dir("ragged-ends");
    PartHeader header;
    header.dim = kWidth;
    header.vectors_per_input = VectorsPerInput::kVariable;
    header.bytes = true;
    const std::vector<InputKey> keys{{0, 0, {}}, {1, 0, {}}, {2, 0, {}}};
    const std::vector<float> vectors(4 * kWidth, 9);
    const auto written = [&](const std::string& name, const std::vector<std::size_t>& ends) {
        PartWriter writer(dir / name, header);
        writer.add(keys, vectors, ends);
        writer.publish();
        return dir / name;
    };
    const PartReader good(written("good.h5", {1, 1, 4}));
    CHECK(good.rows() == 3);
    CHECK(good.begin(2) == 1);
    CHECK(good.header().bytes);
    std::vector<float> values(3 * kWidth);
    good.vectors(2, 1, values);
    CHECK(values == std::vector<float>(3 * kWidth, 9));
    CHECK_THROWS_AS(good.vectors(2, 2, values), Error);
    CHECK_THROWS_WITH_AS(PartReader(written("descend.h5", {3, 1, 4})), "'ends' has 1 behind 3",
                         Error);
}

TEST_CASE("part_of_another_kind_than_its_space") {
    const TempDir dir("ragged-kind");
    write_file(dir / "shop.csv", catalog(6));
    ingest_file(dir / "shop", dir / "shop.csv");
    embed_ragged(dir / "shop");
    // The manifest says what the part does not: one vector of each input.
    const auto file = dir / "shop" / "collection.json";
    auto text = read_all(file);
    const std::string said = "\"vectors\": \"variable\"";
    const auto at = text.find(said);
    REQUIRE(at != std::string::npos);
    text.replace(at, said.size(), "\"vectors\": \"one\"");
    write_file(file, text);
    CHECK_THROWS_AS(live_vectors(dir / "shop", "local"), Error);
    text.replace(text.find("\"vectors\": \"one\""), 16, "\"vectors\": \"few\"");
    write_file(file, text);
    CHECK_THROWS_AS(Collection::open(dir / "shop"), Error);
}
