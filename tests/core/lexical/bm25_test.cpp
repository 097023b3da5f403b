#include "core/lexical/bm25.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "tests/core/lexical/bm25_support.hpp"

namespace {

using namespace pmatch;
using test::make_index;
using test::random_texts;
using test::TempDir;
using test::write_index;

/// All items by the full score vector, highest first, equal scores by ascending row.
std::vector<Neighbour> exhaustive(const Bm25Index& index, const Bm25Query& query, std::size_t k,
                                  const RowSet* allowed = nullptr) {
    const auto scores = index.scores(query);
    std::vector<Neighbour> found;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const auto row = index.rows()[i];
        if (scores[i] > 0 && (allowed == nullptr || allowed->contains(row)))
            found.push_back({row, scores[i]});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    found.resize(std::min(found.size(), k));
    return found;
}

TEST_CASE("a score is the formula's") {
    const TempDir dir("bm25_formula");
    const auto index = make_index(dir, {"red mug", "red red lamp shade", "blue mug"});
    // N = 3, lengths 2, 4, 2, avgdl = 8 / 3; k1 = 1.2, b = 0.75, so k1 (1 - b + b dl / avgdl) is
    // 1.2 (0.25 + 0.75 * 2 * 3 / 8) = 0.975 for the short ones and
    // 1.2 (0.25 + 0.75 * 4 * 3 / 8) = 1.65 for the long one.
    // idf(red) = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.4700036; in row 0 tf = 1:
    // 0.4700036 * 1 * 2.2 / (1 + 0.975) = 0.5235484; in row 1 tf = 2:
    // 0.4700036 * 2 * 2.2 / (2 + 1.65) = 0.5665797.
    const auto red = index.search(index.prepare("RED"), 5);
    REQUIRE(red.size() == 2);
    CHECK(red[0].row == 1);
    CHECK(red[0].score == doctest::Approx(0.5665797).epsilon(1e-6));
    CHECK(red[1].row == 0);
    CHECK(red[1].score == doctest::Approx(0.5235484).epsilon(1e-6));
}

TEST_CASE("a term that comes twice in the query counts twice") {
    const TempDir dir("bm25_repeated");
    const auto index = make_index(dir, {"red mug", "red red lamp shade", "blue mug"});
    // lamp is in one item: idf = ln(1 + 2.5 / 1.5) = 0.9808293;
    // 0.9808293 * 1 * 2.2 / (1 + 1.65) = 0.8142734, and twice that is 1.6285468.
    CHECK(index.search(index.prepare("lamp"), 1)[0].score ==
          doctest::Approx(0.8142734).epsilon(1e-6));
    CHECK(index.search(index.prepare("lamp Lamp"), 1)[0].score ==
          doctest::Approx(1.6285468).epsilon(1e-6));
}

TEST_CASE("k1 0 counts a term once and b 0 forgets the length") {
    const TempDir dir("bm25_k1_b");
    // With k1 = 0 the score is the idf: red is in both items, ln(1 + 0.5 / 2.5) = 0.1823216.
    const auto binary = make_index(dir, {"red", "red red lamp"}, {Analyser::kWords, 0, 0.75});
    for (const auto& hit : binary.search(binary.prepare("red"), 2))
        CHECK(hit.score == doctest::Approx(0.1823216).epsilon(1e-6));
    // With b = 0, k1 = 1: 0.1823216 * 2 / (1 + 1) = 0.1823216 whatever the length.
    const auto flat = make_index(dir, {"red", "red lamp shade"}, {Analyser::kWords, 1, 0});
    for (const auto& hit : flat.search(flat.prepare("red"), 2))
        CHECK(hit.score == doctest::Approx(0.1823216).epsilon(1e-6));
}

TEST_CASE("impossible parameters are usage errors") {
    const TempDir dir("bm25_parameters");
    CHECK_THROWS_AS(Bm25Builder(dir / "x", {Analyser::kWords, -1, 0.5}), UsageError);
    CHECK_THROWS_AS(Bm25Builder(dir / "x", {Analyser::kWords, std::nan(""), 0.5}), UsageError);
    CHECK_THROWS_AS(Bm25Builder(dir / "x", {Analyser::kWords, 1, 1.5}), UsageError);
}

TEST_CASE("the best k are those of exhaustive scoring, for any k and filter") {
    const TempDir dir("bm25_exhaustive");
    unsigned seed = 1;
    for (const std::size_t items : {1U, 15U, 300U, 9000U}) {
        const auto texts = random_texts(items, ++seed);
        const auto index = make_index(dir, texts);
        RowSet some;
        for (std::size_t row = 0; row < items; row += 7)
            some.insert(static_cast<std::int64_t>(row));
        for (const auto& text : random_texts(60, ++seed)) {
            const auto query = index.prepare(text);
            for (const int k : {1, 10, 100, 20000}) {
                const auto wanted = static_cast<std::size_t>(k);
                CHECK(index.search(query, k) == exhaustive(index, query, wanted));
                CHECK(index.search(query, k, &some) == exhaustive(index, query, wanted, &some));
            }
        }
    }
}

TEST_CASE("many threads give what one gives") {
    const TempDir dir("bm25_threads");
    const auto index = make_index(dir, random_texts(2000, 5));
    const auto texts = random_texts(500, 6);
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const auto one = index.search_batch(index.prepare_batch(views, 1), 10, 1);
    CHECK(index.search_batch(index.prepare_batch(views, 4), 10, 4) == one);
    for (std::size_t i = 0; i < texts.size(); ++i)
        CHECK(index.search(index.prepare(texts[i]), 10) == one[i]);
}

TEST_CASE("spilled postings give the same file as those kept in memory") {
    const TempDir dir("bm25_spill");
    const auto texts = random_texts(3000, 11);
    for (const auto analyser : {Analyser::kWords, Analyser::k3gram}) {
        const auto kept = write_index(dir / "kept", texts, {analyser});
        // 64 KiB: tens of runs; 1 byte: a run for each text.
        CHECK(write_index(dir / "spilled", texts, {analyser}, 1U << 16U) == kept);
        const std::vector<std::string> few(texts.begin(), texts.begin() + 200);
        CHECK(write_index(dir / "each", few, {analyser}, 1) ==
              write_index(dir / "few", few, {analyser}));
    }
    CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 4);
}

TEST_CASE("equal scores go by item id, also at the border") {
    const TempDir dir("bm25_ties");
    Bm25Builder builder(dir / "index", {});
    for (const std::int64_t row : {3, 5, 8, 9, 12})
        builder.add(row, row == 9 ? "lamp" : "mug");
    // Rows 4 and 20 are no items of this index.
    const std::vector<std::int64_t> by_id{12, 4, 8, 20, 9, 3, 5};
    const auto record = builder.finish({Source::text(), "", 0}, by_id);
    const auto index = Bm25Index::open(dir / "index", record);
    std::vector<std::int64_t> rows;
    for (const auto& hit : index.search(index.prepare("mug"), 3))
        rows.push_back(hit.row);
    CHECK(rows == std::vector<std::int64_t>{12, 8, 3});
}

TEST_CASE("an item whose text is empty is counted and never found") {
    const TempDir dir("bm25_empty_text");
    const auto index = make_index(dir, {"mug", "", "?!"});
    CHECK(index.info().items == 3);
    // N = 3, avgdl = 1 / 3: ln(1 + 2.5 / 1.5) * 2.2 / (1 + 1.2 (0.25 + 0.75 * 3)) = 0.5394561.
    const auto found = index.search(index.prepare("mug"), 10);
    REQUIRE(found.size() == 1);
    CHECK(found[0].score == doctest::Approx(0.5394561).epsilon(1e-6));
}

TEST_CASE("an index without items or without terms answers nothing") {
    const TempDir dir("bm25_no_items");
    for (const auto& texts : {std::vector<std::string>{}, {"", "..."}}) {
        const auto index = make_index(dir, texts);
        CHECK(index.info().terms == 0);
        CHECK(index.search(index.prepare("mug"), 10).empty());
        CHECK(index.scores(index.prepare("mug")) == std::vector<float>(texts.size()));
    }
}

TEST_CASE("a query without a known term has no answer") {
    const TempDir dir("bm25_unknown");
    const auto index = make_index(dir, {"mug", "lamp"});
    CHECK(index.search(index.prepare("shoe ?"), 10).empty());
    CHECK(index.search(index.prepare(""), 10).empty());
}

TEST_CASE("an index says what it was made of") {
    const TempDir dir("bm25_info");
    const auto index = make_index(dir, {"red mug", "red lamp"}, {Analyser::k3gram, 0.9, 0.4});
    const auto& info = index.info();
    CHECK(info.source == Source::text());
    CHECK(info.stamp == "stamp");
    CHECK(info.generation == 7);
    CHECK(info.options.analyser == Analyser::k3gram);
    CHECK(info.options.k1 == 0.9);
    CHECK(info.options.b == 0.4);
    CHECK(info.items == 2);
    CHECK(info.terms == 4);     // red, mug, lam, amp
    CHECK(info.postings == 5);  // red is in both
}

TEST_CASE("rows that do not ascend are refused") {
    const TempDir dir("bm25_rows");
    Bm25Builder builder(dir / "index", {});
    builder.add(4, "mug");
    CHECK_THROWS_WITH_AS(builder.add(4, "lamp"), "row 4 comes after row 4", Error);
}

}  // namespace
