#include <doctest/doctest.h>

#include <fstream>

#include "core/common/error.hpp"
#include "tests/core/index/index_support.hpp"
#include "tests/support/remedy_words.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

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
        CHECK(words_of(error.remedy()).find("pmatch build-index") != std::string::npos);
    }
}

}  // namespace

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
    check_refused(saved, saved.files.rows, "have no row, its sidecar says 0");
    saved.records.rows = write_rows(saved.files.rows, std::vector<std::int64_t>(50, -2));
    check_refused(saved, saved.files.rows, "it holds the row -2");
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

TEST_CASE("what a sidecar of version 1 may lack is damage in one of version 2") {
    const TempDir dir("index-versions");
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    const auto good = content(saved.files.sidecar);
    const auto without = [&](char version) {
        auto text = good;
        text[text.find("\"version\": 2") + 11] = version;
        for (const auto* name : {"\"dead\"", "\"trained\"", "\"precision\""})
            text.replace(text.find(name), 2, "\"x");
        put(saved.files.sidecar, text);
        saved.records.sidecar = measure_file(saved.files.sidecar);
    };
    without('1');
    const auto index = Index::load(saved.files, saved.records);
    CHECK(index.build_info().dead == 0);
    CHECK(index.build_info().trained == 50);
    without('2');
    check_refused(saved, saved.files.sidecar, "not the sidecar of an index");
}

TEST_CASE("index_written_by_a_newer_pmatch") {
    const TempDir dir("index-newer");
    Saved saved(dir, Index::build(unit_vectors(50, 4, 12), 4));
    auto text = content(saved.files.sidecar);
    text.replace(text.find("\"version\": 2"), 12, "\"version\": 9");
    put(saved.files.sidecar, text);
    saved.records.sidecar = measure_file(saved.files.sidecar);
    CHECK_THROWS_WITH_AS(Index::load(saved.files, saved.records),
                         "pmatch.index format 9 is newer than this pmatch (reads 1 to 2)", Error);
}
