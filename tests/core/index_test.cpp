#include "core/index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <thread>

#include "core/error.hpp"
#include "core/index_builder.hpp"
#include "core/index_layout.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using pmatch::test::TempDir;

namespace {

std::vector<float> unit_vectors(std::size_t count, std::size_t dim, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(count * dim);
    for (std::size_t i = 0; i < count; ++i) {
        double square = 0;
        for (std::size_t j = 0; j < dim; ++j) {
            auto& value = values[i * dim + j];
            value = normal(random);
            square += static_cast<double>(value) * value;
        }
        for (std::size_t j = 0; j < dim; ++j) {
            values[i * dim + j] /= static_cast<float>(std::sqrt(square));
        }
    }
    return values;
}

/// `blocks` calls of add(), as a caller that streams makes them.
Index build_in_blocks(const std::vector<std::int64_t>& rows, const std::vector<float>& vectors,
                      int dim, const IndexOptions& options, std::size_t block) {
    IndexBuilder builder(dim, options, static_cast<std::int64_t>(rows.size()));
    const auto width = static_cast<std::size_t>(dim);
    const auto each = [&](auto take) {
        for (std::size_t at = 0; at < rows.size(); at += block) {
            const auto count = std::min(block, rows.size() - at);
            take(std::span(rows).subspan(at, count),
                 std::span(vectors).subspan(at * width, count * width));
        }
    };
    if (builder.wants_sample()) each([&](auto, auto values) { builder.sample(values); });
    each([&](auto some, auto values) { builder.add(some, values); });
    return builder.finish();
}

std::vector<std::int64_t> numbers(std::size_t count, std::int64_t divide_by = 1) {
    std::vector<std::int64_t> rows(count);
    for (std::size_t i = 0; i < count; ++i)
        rows[i] = static_cast<std::int64_t>(i) / divide_by;
    return rows;
}

struct Saved {
    explicit Saved(const TempDir& dir, const Index& index)
        : files(IndexFiles::of(dir.path(), "image")), records(index.save(files, origin)) {}
    IndexOrigin origin{"image", "model", "abc", {"part-00000.h5"}, "pmatch build-index shop", true};
    IndexFiles files;
    IndexRecords records;
};

std::string content(const std::filesystem::path& file) {
    return read_file(file, 1U << 30U);
}

void put(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// The load must fail, name the file and the command that mends it.
void check_refused(const Saved& saved, const std::filesystem::path& file,
                   const std::string& message) {
    try {
        const auto index = Index::load(saved.files, saved.records);
        FAIL("the damaged index was loaded");
    } catch (const Error& error) {
        CHECK(error.file() == file.string());
        CHECK(std::string(error.what()).find(message) != std::string::npos);
        CHECK(error.fix().find("pmatch build-index") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("a query of the wrong size says which model to use") {
    const auto index = Index::build(std::vector<float>{1, 0}, 2);
    CHECK_THROWS_WITH_AS(index.search(std::array{1.0F, 0.0F, 0.0F}, 1),
                         "the query has 3 values, the index expects 2", pmatch::Error);
    CHECK_THROWS_WITH_AS(index.search_batch(std::array{1.0F, 0.0F, 0.0F, 1.0F}, 1, 1),
                         "the query has 4 values, the index expects 2", pmatch::Error);
}

TEST_CASE("a query that is not a number, and a wish for no answers, are refused") {
    const auto index = Index::build(std::vector<float>{1, 0}, 2);
    CHECK_THROWS_AS(index.search(std::array{std::nanf(""), 0.0F}, 1), Error);
    CHECK_THROWS_AS(index.search(std::array{1.0F, 0.0F}, 0), Error);
}

TEST_CASE("the best items come first and no more than there are") {
    const auto index = Index::build(std::vector<float>{1, 0, 0, 1, 0.6F, 0.8F}, 2);
    const auto found = index.search(std::array{0.0F, 1.0F}, 10);
    CHECK(found == std::vector<Neighbour>{{1, 1.0F}, {2, 0.8F}, {0, 0.0F}});
    CHECK(index.search(std::array{0.0F, 1.0F}, 1).size() == 1);
}

TEST_CASE("an empty index answers with nothing") {
    const auto index = Index::build({}, 2);
    CHECK(index.search(std::array{0.0F, 1.0F}, 3).empty());
}

TEST_CASE("an item with many pictures counts once, with its best") {
    // Row 7 has 300 vectors, all nearer to the query than the three other items.
    std::vector<float> vectors;
    std::vector<std::int64_t> rows;
    for (int i = 0; i < 300; ++i) {
        const float angle = 0.001F * static_cast<float>(i);
        vectors.insert(vectors.end(), {std::cos(angle), std::sin(angle)});
        rows.push_back(7);
    }
    for (int i = 0; i < 3; ++i) {
        const float angle = 1.0F + 0.1F * static_cast<float>(i);
        vectors.insert(vectors.end(), {std::cos(angle), std::sin(angle)});
        rows.push_back(i);
    }
    for (const char* layout : {"Flat", "HNSW32", "IVF4,Flat"}) {
        CAPTURE(layout);
        const auto index = build_in_blocks(rows, vectors, 2, {layout, 0}, 100);
        CHECK(index.build_info().most_per_row == 300);
        const auto found = index.search(std::array{1.0F, 0.0F}, 3);
        REQUIRE(found.size() == 3);
        CHECK(found[0] == Neighbour{7, 1.0F});
        CHECK(found[1].row == 0);
        CHECK(found[2].row == 1);
    }
}

TEST_CASE("all items tied with the last place are returned") {
    // 500 equal vectors among others: whichever k falls into them gets all of them.
    std::vector<float> vectors = {1, 0};
    for (int i = 0; i < 500; ++i)
        vectors.insert(vectors.end(), {0.6F, 0.8F});
    vectors.insert(vectors.end(), {0, 1});
    const auto index = Index::build(vectors, 2);
    CHECK(index.search(std::array{1.0F, 0.0F}, 1).size() == 1);
    const auto found = index.search(std::array{1.0F, 0.0F}, 3);
    REQUIRE(found.size() == 501);
    CHECK(found[0].row == 0);
    for (std::size_t i = 1; i < found.size(); ++i) {
        REQUIRE(found[i].row == static_cast<std::int64_t>(i));
    }
}

TEST_CASE("scores do not depend on the batch or on other threads") {
    constexpr std::size_t kDim = 96;
    const auto vectors = unit_vectors(3000, kDim, 1);
    const auto queries = unit_vectors(64, kDim, 2);
    for (const char* layout : {"Flat", "HNSW32", "IVF20,Flat"}) {
        CAPTURE(layout);
        const auto index = Index::build(vectors, kDim, {layout, 0});
        const auto together = index.search_batch(queries, 64, 10);
        std::vector<std::vector<Neighbour>> apart(64);
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = t; i < 64; i += 4) {
                    apart[i] = index.search(std::span(queries).subspan(i * kDim, kDim), 10);
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        CHECK(together == apart);
    }
}

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
    CHECK(index.build_info().recall_sample == 200);
    CHECK(index.search(std::array{1.0F, 0.0F}, 5).size() >= 5);
}

TEST_CASE("IVF searches more lists when the near ones hold too few items") {
    const auto vectors = unit_vectors(500, 8, 7);
    const auto index = Index::build(vectors, 8, {"IVF50,Flat", 0});
    CHECK(index.search(std::span(vectors).first(8), 500).size() == 500);
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
            CHECK(error.fix().find("HNSW32") != std::string::npos);
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
            CHECK(error.fix().find("--layout Flat") != std::string::npos);
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

TEST_CASE("index_faiss_missing") {
    const TempDir dir("index-missing");
    const Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    std::filesystem::remove(saved.files.faiss);
    check_refused(saved, saved.files.faiss, "missing");
}

TEST_CASE("index_truncated_in_header") {
    const TempDir dir("index-header");
    const Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    put(saved.files.faiss, content(saved.files.faiss).substr(0, 20));
    check_refused(saved, saved.files.faiss, "the file has 20 bytes");
}

TEST_CASE("index_truncated_in_body") {
    const TempDir dir("index-body");
    const Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    const auto bytes = content(saved.files.faiss);
    put(saved.files.faiss, bytes.substr(0, bytes.size() - 100));
    check_refused(saved, saved.files.faiss, "bytes, the manifest says");
}

TEST_CASE("index_truncated_though_the_manifest_agrees") {
    // FAISS's own complaint becomes ours.
    const TempDir dir("index-agreed");
    for (const std::size_t kept : {3, 20, 60, 400}) {
        Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
        put(saved.files.faiss, content(saved.files.faiss).substr(0, kept));
        saved.records.faiss = measure_file(saved.files.faiss);
        check_refused(saved, saved.files.faiss, "FAISS cannot read the index");
    }
}

TEST_CASE("index_flipped_bit") {
    const TempDir dir("index-bit");
    const Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    const auto good = content(saved.files.faiss);
    for (const std::size_t at : {std::size_t{0}, std::size_t{33}, good.size() / 2}) {
        auto bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 4);
        put(saved.files.faiss, bytes);
        check_refused(saved, saved.files.faiss, "checksum");
    }
}

TEST_CASE("index_rows_of_another_count") {
    const TempDir dir("index-rows");
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    saved.records.rows = write_rows(saved.files.rows, numbers(49));
    check_refused(saved, saved.files.rows, "the 50 rows its sidecar says");
    saved.records.rows = write_rows(saved.files.rows, std::vector<std::int64_t>(50, -1));
    check_refused(saved, saved.files.rows, "it holds the row -1");
    put(saved.files.rows, "\x93NUMPY\x01");
    saved.records.rows = measure_file(saved.files.rows);
    check_refused(saved, saved.files.rows, "not a NumPy file");
}

TEST_CASE("index_of_another_count_than_its_sidecar") {
    const TempDir dir("index-swapped");
    const Saved other(dir, Index::build(unit_vectors(60, 4, 12), 4));
    const auto faiss = content(other.files.faiss);
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    put(saved.files.faiss, faiss);
    saved.records.faiss = other.records.faiss;
    check_refused(saved, saved.files.faiss,
                  "the index holds 60 vectors of 4 values, its sidecar says 50 of 4");
}

TEST_CASE("index_sidecar_damaged") {
    const TempDir dir("index-json");
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    const auto good = content(saved.files.sidecar);
    const auto replaced = [&](const std::string& from, const std::string& to) {
        auto text = good;
        text.replace(text.find(from), from.size(), to);
        put(saved.files.sidecar, text);
        saved.records.sidecar = measure_file(saved.files.sidecar);
    };
    replaced("\"dim\"", "\"dam\"");
    check_refused(saved, saved.files.sidecar, "not the sidecar of an index");
    replaced("\"inner product\"", "\"L2\"");
    check_refused(saved, saved.files.sidecar, "the index's metric is 'L2'");
    replaced("\"dim\": 4", "\"dim\": -4");
    check_refused(saved, saved.files.sidecar, "the index's dimension is -4");
    put(saved.files.sidecar, good.substr(0, 30));
    check_refused(saved, saved.files.sidecar, "the file has 30 bytes");
}

TEST_CASE("index_written_by_a_newer_pmatch") {
    const TempDir dir("index-newer");
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    auto text = content(saved.files.sidecar);
    text.replace(text.find("\"version\": 1"), 12, "\"version\": 9");
    put(saved.files.sidecar, text);
    saved.records.sidecar = measure_file(saved.files.sidecar);
    CHECK_THROWS_WITH_AS(Index::load(saved.files, saved.records),
                         "pmatch.index format 9 is newer than this pmatch (reads 1 to 1)", Error);
}
