#include "core/index/live_index.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "core/index/index_builder.hpp"
#include "tests/core/index/index_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

constexpr std::int64_t kCount = 2000;
constexpr std::int64_t kSplit = 1500;
constexpr int kDim = 16;

std::span<const float> part(const std::vector<float>& vectors, std::int64_t from, std::int64_t to) {
    return std::span(vectors).subspan(static_cast<std::size_t>(from * kDim),
                                      static_cast<std::size_t>((to - from) * kDim));
}

/// Vectors [from, to) of `items` items in turn.
Index index_of(const std::vector<float>& vectors, std::int64_t from, std::int64_t to,
               const std::string& layout, std::int64_t items) {
    IndexOptions options;
    options.layout = layout;
    IndexBuilder builder(kDim, options, to - from);
    if (builder.wants_sample()) builder.sample(part(vectors, from, to));
    std::vector<std::int64_t> rows;
    for (auto i = from; i < to; ++i)
        rows.push_back(i % items);
    builder.add(rows, part(vectors, from, to));
    return builder.finish();
}

std::vector<std::int64_t> one_in(std::int64_t step, std::int64_t count) {
    std::vector<std::int64_t> positions;
    for (std::int64_t i = 0; i < count; i += step)
        positions.push_back(i);
    return positions;
}

}  // namespace

TEST_CASE("hidden vectors are never answered, whatever the layout") {
    const auto vectors = unit_vectors(kCount, kDim, 1);
    const auto queries = unit_vectors(20, kDim, 2);
    for (const std::string layout : {"Flat", "HNSW32", "IVF16,Flat", "IVF16,SQ8", "SQ8", "PQ8x4"}) {
        for (const bool nearly_all : {false, true}) {
            CAPTURE(layout);
            CAPTURE(nearly_all);
            auto index = index_of(vectors, 0, kCount, layout, kCount);
            std::vector<std::int64_t> hidden;
            RowSet shown;
            for (std::int64_t i = 0; i < kCount; ++i) {
                if ((i % 20 == 0) != nearly_all) {
                    hidden.push_back(i);
                } else {
                    shown.insert(i);
                }
            }
            index.hide(hidden);
            CHECK(index.hidden() == static_cast<std::int64_t>(hidden.size()));
            const auto exact = index_of(vectors, 0, kCount, "Flat", kCount);
            const auto filter = exact.filter(shown);
            const auto wanted = exact.search_batch(queries, 20, 10, &filter);
            const auto found = index.search_batch(queries, 20, 10);
            for (std::size_t i = 0; i < found.size(); ++i) {
                for (const auto& hit : found[i])
                    CHECK(shown.contains(hit.row));
                CHECK(found[i].size() >= 10);
                if (layout == "Flat") CHECK(found[i] == wanted[i]);
            }
            if (layout != "Flat") continue;
            const auto all = index.scores(queries, 20);
            CHECK(static_cast<std::int64_t>(all.front().size()) == shown.size());
        }
    }
}

TEST_CASE("an index and what it lacks answer as one index over all") {
    const auto vectors = unit_vectors(kCount, kDim, 3);
    const auto queries = unit_vectors(20, kDim, 4);
    // 700 items with two or three vectors each, in both parts.
    const auto whole = index_of(vectors, 0, kCount, "Flat", 700);
    const LiveIndex live(index_of(vectors, 0, kSplit, "Flat", 700),
                         index_of(vectors, kSplit, kCount, "Flat", 700));
    CHECK(live.count() == kCount);
    CHECK(live.exact());
    CHECK(live.search_batch(queries, 20, 25) == whole.search_batch(queries, 20, 25));
    CHECK(live.scores(queries, 20) == whole.scores(queries, 20));
    RowSet rows;
    for (std::int64_t row = 0; row < 700; row += 3)
        rows.insert(row);
    const auto of_live = live.filter(rows);
    const auto of_whole = whole.filter(rows);
    CHECK(live.search_batch(queries, 20, 25, &of_live) ==
          whole.search_batch(queries, 20, 25, &of_whole));
    CHECK(live.scores(queries, 20, &of_live) == whole.scores(queries, 20, &of_whole));
}

TEST_CASE("an extended index finds old and new vectors and none that are dead") {
    const auto vectors = unit_vectors(kCount, kDim, 5);
    const auto queries = unit_vectors(20, kDim, 6);
    const auto dead = one_in(15, kSplit);
    RowSet live;
    for (std::int64_t i = 0; i < kCount; ++i) {
        if (i >= kSplit || i % 15 != 0) live.insert(i);
    }
    const auto exact = index_of(vectors, 0, kCount, "Flat", kCount);
    const auto filter = exact.filter(live);
    const auto wanted = exact.search_batch(queries, 20, 10, &filter);
    for (const std::string layout : {"Flat", "HNSW32", "IVF16,Flat"}) {
        CAPTURE(layout);
        IndexBuilder builder(index_of(vectors, 0, kSplit, layout, kCount), dead, kCount - kSplit);
        std::vector<float> of_live;
        std::vector<std::int64_t> positions;
        std::vector<std::int64_t> rows;
        for (std::int64_t i = 0; i < kCount; ++i) {
            if (i >= kSplit) rows.push_back(i);
            if (!live.contains(i)) continue;
            const auto vector = part(vectors, i, i + 1);
            of_live.insert(of_live.end(), vector.begin(), vector.end());
            positions.push_back(i);
        }
        if (builder.wants_sample()) builder.sample(of_live);
        builder.add(rows, part(vectors, kSplit, kCount));
        builder.compare(positions, of_live);
        const auto index = builder.finish();
        CHECK(index.build_info().dead == static_cast<std::int64_t>(dead.size()));
        CHECK(index.build_info().trained == kSplit);
        CHECK(index.build_info().recall >= 0.99);
        const auto found = index.search_batch(queries, 20, 10);
        std::size_t same = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            for (const auto& hit : found[i]) {
                CHECK(live.contains(hit.row));
                same +=
                    static_cast<std::size_t>(std::count(wanted[i].begin(), wanted[i].end(), hit));
            }
        }
        CHECK(same >= 190);
    }
}
