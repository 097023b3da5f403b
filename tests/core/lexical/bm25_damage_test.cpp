/// A lexical index that was damaged by accident is refused by its checksum; one that was made to
/// harm, with a matching checksum, is refused or answers something, and never reads elsewhere
/// (which the sanitizers would tell).
#include <doctest/doctest.h>

#include <cstring>
#include <fstream>

#include "core/common/error.hpp"
#include "core/lexical/bm25_file.hpp"
#include "tests/core/lexical/bm25_support.hpp"

namespace {

using namespace pmatch;
using test::random_texts;
using test::TempDir;
using test::write_index;

std::string content_of(const std::filesystem::path& file) {
    return read_file(file, 1U << 30U);
}

void put(const std::filesystem::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

/// Makes the header's own size and checksum right again.
std::string with_right_header(std::string content) {
    Bm25Header header{};
    std::memcpy(&header, content.data(), sizeof header);
    header.file_size = content.size();
    header.checksum = checksum_of(header).bytes;
    std::memcpy(content.data(), &header, sizeof header);
    return content;
}

/// Opens what is there as if the manifest had recorded it so, and searches when that goes well.
bool opens(const std::filesystem::path& file) {
    try {
        const auto index = Bm25Index::open(file, measure_file(file));
        for (const auto* text : {"w0 w1 w2 w3", "w40", "nothing"}) {
            const auto query = index.prepare(text);
            index.search(query, 5);
            index.scores(query);
        }
        return true;
    } catch (const Error& error) {
        CHECK(error.file() == file.string());
        CHECK_FALSE(error.remedy().empty());
        return false;
    }
}

/// Where each section of the file ends.
std::vector<std::size_t> section_ends(const std::string& content) {
    Bm25Header header{};
    std::memcpy(&header, content.data(), sizeof header);
    std::vector<std::size_t> ends{sizeof header};
    for (const auto size : {header.items * 8, header.terms * sizeof(Bm25Term), header.slots * 4,
                            header.items * 4, header.posting_words * 4, header.text_size})
        ends.push_back(ends.back() + static_cast<std::size_t>(size));
    return ends;
}

TEST_CASE("bm25_flipped_bit") {
    const TempDir dir("bm25_flipped_bit");
    const auto file = dir / "text.words.bm25";
    const auto record = write_index(file, random_texts(50, 3));
    const auto whole = content_of(file);
    for (std::size_t at = 0; at < whole.size(); at += 97) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 16);
        put(file, damaged);
        CHECK_THROWS_AS(Bm25Index::open(file, record), Error);
    }
}

TEST_CASE("bm25_truncated_in_each_section") {
    const TempDir dir("bm25_truncated");
    const auto file = dir / "text.words.bm25";
    const auto record = write_index(file, random_texts(50, 3));
    const auto whole = content_of(file);
    const auto ends = section_ends(whole);
    CHECK(ends.back() == whole.size());
    for (const auto end : ends) {
        for (const std::size_t less : {1U, 4U, 8U}) {
            put(file, whole.substr(0, end - less));
            CHECK_THROWS_AS(Bm25Index::open(file, record), Error);
            CHECK_FALSE(opens(file));
            if (end - less < sizeof(Bm25Header)) continue;
            put(file, with_right_header(whole.substr(0, end - less)));
            CHECK_FALSE(opens(file));
        }
    }
    put(file, "");
    CHECK_FALSE(opens(file));
    put(file, with_right_header(whole + "more"));
    CHECK_FALSE(opens(file));
}

TEST_CASE("bm25_made_to_harm") {
    const TempDir dir("bm25_made_to_harm");
    const auto file = dir / "text.words.bm25";
    write_index(file, random_texts(40, 3));
    const auto whole = content_of(file);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += at < sizeof(Bm25Header) ? 1 : 5) {
        for (const int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
            auto damaged = whole;
            damaged[at] = static_cast<char>(value);
            put(file, with_right_header(damaged));
            refused += opens(file) ? 0 : 1;
        }
    }
    CHECK(refused > 0);
}

TEST_CASE("bm25_of_a_newer_version") {
    const TempDir dir("bm25_newer");
    const auto file = dir / "text.words.bm25";
    write_index(file, {"mug"});
    auto content = content_of(file);
    content[offsetof(Bm25Header, version)] = 9;
    put(file, with_right_header(content));
    CHECK_THROWS_WITH_AS(Bm25Index::open(file, measure_file(file)),
                         "pmatch.bm25 format 9 is newer than this pmatch (reads 1 to 1)", Error);
}

TEST_CASE("bm25_is_another_file") {
    const TempDir dir("bm25_other_file");
    const auto file = dir / "text.words.bm25";
    put(file, std::string(5000, 'x'));
    CHECK_FALSE(opens(file));
    CHECK_THROWS_AS(Bm25Index::open(dir / "missing", {}), Error);
    CHECK_THROWS_AS(Bm25Index::open(dir.path(), {}), Error);
}

}  // namespace
