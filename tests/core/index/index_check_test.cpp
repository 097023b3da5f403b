#include "core/index/index_check.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "tests/core/index/index_support.hpp"

using namespace pmatch;
using namespace pmatch::test;

TEST_CASE("an index is compared with its vectors, position by position") {
    const TempDir dir("index-check");
    const auto vectors = unit_vectors(60, 8, 3);
    const auto rows = numbers(60, 2);
    for (const auto* layout : {"Flat", "HNSW8", "IVF4,Flat", "SQ8"}) {
        CAPTURE(layout);
        IndexOptions options;
        options.layout = layout;
        const Saved saved(dir, build_in_blocks(rows, vectors, 8, options, 17));
        IndexCheck whole(saved.files, saved.records);
        CHECK(whole.keeps_vectors() == (std::string(layout) != "SQ8"));
        whole.compare(std::span(rows).first(20), std::span(vectors).first(160));
        CHECK_THROWS_WITH_AS(whole.finish(), "it holds 60 vectors, the space has 20", Error);
        whole.compare(std::span(rows).subspan(20), std::span(vectors).subspan(160));
        CHECK_NOTHROW(whole.finish());

        auto other_rows = rows;
        other_rows[7] = 99;
        IndexCheck by_row(saved.files, saved.records);
        CHECK_THROWS_WITH_AS(by_row.compare(other_rows, vectors),
                             "position 7 is row 3, the space has row 99 there", Error);
        if (!whole.keeps_vectors()) continue;
        auto other = vectors;
        other[5 * 8 + 2] += 0.25F;
        IndexCheck by_value(saved.files, saved.records);
        CHECK_THROWS_WITH_AS(by_value.compare(rows, other),
                             "position 5 holds another vector than the space", Error);
    }
}
