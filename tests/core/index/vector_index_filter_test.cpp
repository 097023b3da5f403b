#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "core/index/vector_index.hpp"
#include "tests/core/index/index_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

constexpr std::size_t kCount = 3000;
constexpr int kDim = 16;

/// One row in `step`, from `first` on.
RowSet every(std::int64_t step, std::int64_t first = 0) {
    RowSet rows;
    for (auto row = first; row < static_cast<std::int64_t>(kCount); row += step)
        rows.insert(row);
    return rows;
}

/// The exhaustive answer, filtered afterwards.
std::vector<Neighbour> filtered(const Index& flat, std::span<const float> query, const RowSet& rows,
                                std::size_t k) {
    std::vector<Neighbour> found;
    for (const auto& hit : flat.search(query, kCount)) {
        if (rows.contains(hit.row) && found.size() < k) found.push_back(hit);
    }
    return found;
}

struct Setup {
    std::vector<float> vectors = unit_vectors(kCount, kDim, 1);
    std::vector<float> queries = unit_vectors(30, kDim, 2);
    Index flat = Index::build(vectors, kDim);

    std::span<const float> query(std::size_t i) const {
        return std::span(queries).subspan(i * kDim, kDim);
    }
};

TEST_CASE("a filtered search gives what filtering an exhaustive one gives") {
    const Setup setup;
    for (const auto* layout : {"Flat", "HNSW32", "IVF16,Flat"}) {
        const auto index = Index::build(setup.vectors, kDim, {.layout = layout});
        for (const std::int64_t step : {2, 100, 1500}) {
            INFO(layout << ", one in " << step);
            const auto rows = every(step, 1);
            const auto filter = index.filter(rows);
            const auto batch = index.search_batch(setup.queries, 30, 10, &filter);
            std::size_t same = 0;
            std::size_t all = 0;
            for (std::size_t i = 0; i < 30; ++i) {
                const auto wanted = filtered(setup.flat, setup.query(i), rows, 10);
                REQUIRE(batch[i].size() == wanted.size());
                for (const auto& hit : batch[i]) {
                    CHECK(rows.contains(hit.row));
                    same += std::count(wanted.begin(), wanted.end(), hit);
                }
                all += wanted.size();
            }
            // Few are searched exactly; among many a graph or lists may miss some.
            if (step > 4 || std::string(layout) == "Flat") CHECK(same == all);
            CHECK(static_cast<double>(same) > 0.8 * static_cast<double>(all));
        }
    }
}

TEST_CASE("as many items come as there are, also from lists that are far away") {
    const Setup setup;
    for (const auto* layout : {"HNSW32", "IVF16,Flat", "IVF16,SQ8"}) {
        INFO(layout);
        const auto index = Index::build(setup.vectors, kDim, {.layout = layout});
        const auto filter = index.filter(every(2));
        for (std::size_t i = 0; i < 5; ++i)
            CHECK(index.search(setup.query(i), 1400, &filter).size() == 1400);
        const auto all = index.search(setup.query(0), 2000, &filter);
        CHECK(all.size() == 1500);
    }
}

TEST_CASE("nothing passes, nothing is found") {
    const Setup setup;
    const auto index = Index::build(setup.vectors, kDim, {.layout = "IVF16,SQ8"});
    const auto filter = index.filter({});
    CHECK(index.search(setup.query(0), 5, &filter).empty());
    CHECK(setup.flat.search(setup.query(0), 5, nullptr).size() == 5);
}

TEST_CASE("several vectors of an item pass or fail together") {
    const Setup setup;
    const auto index = build_in_blocks(numbers(kCount, 3), setup.vectors, kDim, {}, 500);
    RowSet rows;
    rows.insert(7);
    rows.insert(8);
    const auto filter = index.filter(rows);
    CHECK(filter.vectors() == 6);
    CHECK(index.search(setup.query(0), 5, &filter).size() == 2);
}

TEST_CASE("a layout that cannot filter is refused by name unless nothing passes") {
    const Setup setup;
    for (const auto* layout : {"PQ8", "SQ8", "HNSW32_SQ8"}) {
        INFO(layout);
        const auto index = Index::build(setup.vectors, kDim, {.layout = layout});
        try {
            const auto filter = index.filter(every(100));
            FAIL("no error");
        } catch (const Error& error) {
            CHECK(std::string(error.what()).find(layout) != std::string::npos);
        }
    }
}

TEST_CASE("the score of every item, in ascending rows") {
    const Setup setup;
    const auto all = setup.flat.scores(setup.queries, 30);
    REQUIRE(all.size() == 30);
    for (std::size_t i = 0; i < 30; ++i) {
        REQUIRE(all[i].size() == kCount);
        for (const auto& hit : setup.flat.search(setup.query(i), 20))
            CHECK(all[i][static_cast<std::size_t>(hit.row)] == hit);
    }
    const auto filter = setup.flat.filter(every(2));
    CHECK(setup.flat.scores(setup.query(0), 1, &filter)[0].size() == kCount / 2);
    const auto few = setup.flat.filter(every(100));
    CHECK(setup.flat.scores(setup.query(0), 1, &few)[0].size() == kCount / 100);
    const auto graph = Index::build(setup.vectors, kDim, {.layout = "HNSW32"});
    CHECK_THROWS_AS(graph.scores(setup.query(0), 1), Error);
}

}  // namespace
