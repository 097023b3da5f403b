#include "core/index/index_builder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "core/common/error.hpp"
#include "core/index/index_layout.hpp"
#include "tests/core/index/index_support.hpp"
#include "tests/support/remedy_words.hpp"

using namespace pmatch;
using namespace pmatch::test;

TEST_CASE("blocks of any size make the same Flat index") {
    const auto vectors = unit_vectors(1000, 16, 3);
    const auto rows = numbers(1000, 3);
    const auto query = unit_vectors(1, 16, 4);
    const auto one = build_in_blocks(rows, vectors, 16, {"Flat", 0}, 1000).search(query, 20);
    CHECK(one == build_in_blocks(rows, vectors, 16, {"Flat", 0}, 7).search(query, 20));
}

TEST_CASE("the search parameter is raised until the recall is good, and is kept") {
    const TempDir dir("index-recall");
    const auto vectors = unit_vectors(4000, 32, 5);
    for (const char* layout : {"HNSW16", "IVF64,Flat", "IVF64,SQfp16"}) {
        CAPTURE(layout);
        const auto index = build_in_blocks(numbers(4000), vectors, 32, {layout, 0}, 900);
        const auto& info = index.build_info();
        CHECK(info.recall >= 0.99);
        CHECK(info.recall_sample == 200);
        CHECK(info.determinism != "exact");
        CHECK(info.search_value > 1);
        const Saved saved(dir, index);
        const auto loaded = Index::load(saved.files, saved.records);
        CHECK(loaded.build_info() == info);
        const auto queries = unit_vectors(20, 32, 6);
        CHECK(loaded.search_batch(queries, 20, 10) == index.search_batch(queries, 20, 10));
    }
}

TEST_CASE("equal vectors do not count against the recall") {
    std::vector<float> vectors;
    for (int i = 0; i < 1000; ++i)
        vectors.insert(vectors.end(), {1, 0});
    const auto index = Index::build(vectors, 2, {"HNSW32", 0});
    CHECK(index.build_info().recall_sample == 1);  // they are one query
    CHECK(index.build_info().recall == 1);
    CHECK(index.search(std::array{1.0F, 0.0F}, 5).size() >= 5);
}

TEST_CASE("a graph finds the few vectors among very many that are equal") {
    constexpr std::size_t kEqual = 3000;
    constexpr std::size_t kOthers = 300;
    constexpr std::size_t kDim = 16;
    const auto others = unit_vectors(kOthers + 1, kDim, 11);
    std::vector<float> vectors;
    for (std::size_t i = 0; i < kEqual + kOthers; ++i) {
        const auto from = i % 11 == 0 ? i / 11 : kOthers;  // the last one is what most are equal to
        const auto one = std::span(others).subspan(from * kDim, kDim);
        vectors.insert(vectors.end(), one.begin(), one.end());
    }
    const auto built = Index::build(vectors, kDim, {"HNSW32", 0});
    CHECK(built.build_info().recall_sample > 150);
    CHECK(built.build_info().recall >= 0.99);
    const TempDir dir("index-twins");
    const Saved saved(dir, built);
    const auto loaded = Index::load(saved.files, saved.records);
    for (const auto* index : {&built, &loaded}) {
        for (std::size_t i = 0; i < kOthers; ++i) {
            const auto query = std::span(others).subspan(i * kDim, kDim);
            const auto found = index->search(query, 3);
            CHECK(found.front().row == static_cast<std::int64_t>(i * 11));
        }
        const auto equal = index->search(std::span(others).subspan(kOthers * kDim, kDim), 40);
        CHECK(equal.size() >= 40);
        CHECK(equal[39].score == equal[0].score);
    }
}

TEST_CASE("auto chooses by the number of vectors") {
    CHECK(resolve_layout("auto", 0) == "Flat");
    CHECK(resolve_layout("auto", 200'000) == "Flat");
    CHECK(resolve_layout("auto", 200'001) == "HNSW32");
    CHECK(resolve_layout("auto", 2'000'000) == "HNSW32");
    CHECK(resolve_layout("auto", 4'000'000) == "IVF8000,SQfp16");
    CHECK(resolve_layout("PQ8", 5) == "PQ8");
}

TEST_CASE("a layout that cannot be is a usage error with examples") {
    for (const std::string layout :
         {"", "Nonsense", "HNSW0", "HNSW1", "IVF0,Flat", "IVF99999999999,Flat", "IDMap,Flat", "PQ7",
          "LSH", "HNSW32,IDMap2"}) {
        CAPTURE(layout);
        try {
            const IndexBuilder builder(16, {layout, 0}, 1000);
            FAIL("the layout was taken");
        } catch (const UsageError& error) {
            CHECK(words_of(error.remedy()).find("HNSW32") != std::string::npos);
            CHECK(std::string(error.what()).find("'" + layout + "'") != std::string::npos);
        }
    }
}

TEST_CASE("too few vectors to train on are refused and Flat is named") {
    const auto vectors = unit_vectors(100, 8, 8);
    for (const char* layout : {"IVF101,Flat", "PQ4"}) {
        CAPTURE(layout);
        try {
            const auto index = Index::build(vectors, 8, {layout, 0});
            FAIL("the index was built");
        } catch (const Error& error) {
            CHECK(words_of(error.remedy()).find("--layout Flat") != std::string::npos);
            CHECK(std::string(error.what()).find("100") != std::string::npos);
        }
    }
}

TEST_CASE("a training sample serves, unless it is smaller than the number of lists") {
    const auto vectors = unit_vectors(2000, 8, 9);
    const auto index = Index::build(vectors, 8, {"IVF16,Flat", 160});
    CHECK(index.build_info().recall >= 0.99);
    CHECK_THROWS_AS(Index::build(vectors, 8, {"IVF16,Flat", 15}), Error);
}

TEST_CASE("other numbers of vectors than were announced are refused") {
    const auto vectors = unit_vectors(10, 4, 10);
    IndexBuilder few(4, {"Flat", 0}, 11);
    few.add(numbers(10), vectors);
    CHECK_THROWS_AS(few.finish(), Error);
    IndexBuilder unsampled(4, {"HNSW8", 0}, 10);
    unsampled.add(numbers(10), vectors);
    CHECK_THROWS_AS(unsampled.finish(), Error);
    IndexBuilder crooked(4, {"Flat", 0}, 10);
    CHECK_THROWS_AS(crooked.add(numbers(9), vectors), Error);
}

TEST_CASE("a vector that is not a number never gets into an index") {
    IndexBuilder builder(2, {}, 1);
    const std::vector<float> bad = {std::numeric_limits<float>::infinity(), 0};
    CHECK_THROWS_WITH_AS(builder.add(std::array{std::int64_t{12}}, bad),
                         "a vector of row 12 holds a value that is not a finite number", Error);
}

TEST_CASE("the sidecar says where an index comes from") {
    const TempDir dir("index-sidecar");
    const auto index = Index::build(unit_vectors(50, 4, 11), 4);
    const Saved saved(dir, index);
    const auto sidecar = read_sidecar(saved.files.sidecar, saved.records.sidecar);
    CHECK(sidecar.origin == saved.origin);
    CHECK(sidecar.build == index.build_info());
    CHECK(sidecar.build.layout == "Flat");
    CHECK(sidecar.build.determinism == "exact");
    CHECK(sidecar.build.recall == 1);
    CHECK(sidecar.build.largest_norm == doctest::Approx(1));
    CHECK(saved.records.faiss == measure_file(saved.files.faiss));
}
