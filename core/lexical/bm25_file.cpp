#include "core/lexical/bm25_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"

namespace pmatch {
namespace {

/// Reports problems of one file as Errors.
class Checker {
public:
    explicit Checker(const std::filesystem::path& file) : file_(file.string()) {}

    void require(bool good, const char* what) const {
        if (!good) fail(what);
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw Error{"the lexical index is damaged: " + what, file_, bm25_remedy()};
    }
    const std::string& file() const { return file_; }

private:
    std::string file_;
};

/// Splits the file into sections.
class Cursor {
public:
    Cursor(std::span<const std::byte> bytes, const Checker& check) : bytes_(bytes), check_(check) {}

    template <typename T>
    std::span<const T> take(std::uint64_t count, const char* what) {
        if (count > bytes_.size() / sizeof(T)) check_.fail(fmt::format("it ends within {}", what));
        const auto size = static_cast<std::size_t>(count) * sizeof(T);
        // The map is page-aligned and the sizes of all earlier sections are multiples of T's
        // alignment.
        const auto* first = reinterpret_cast<const T*>(bytes_.data());
        bytes_ = bytes_.subspan(size);
        return {first, static_cast<std::size_t>(count)};
    }
    bool at_end() const { return bytes_.empty(); }

private:
    std::span<const std::byte> bytes_;
    const Checker& check_;
};

Bm25Header read_header(std::span<const std::byte> bytes, const Checker& check) {
    Bm25Header header{};
    if (bytes.size() < sizeof header) {
        check.fail(
            fmt::format("it has {} bytes, its header alone {}", bytes.size(), sizeof header));
    }
    std::memcpy(&header, bytes.data(), sizeof header);
    const bool ours = header.magic == kBm25Magic;
    check_schema(kBm25Schema, ours ? kBm25Schema.name : "unknown",
                 ours ? static_cast<int>(header.version) : 0, check.file());
    check.require(header.header_size == sizeof header, "its header has another size");
    check.require(checksum_of(header).bytes == header.checksum, "its header's checksum is wrong");
    if (header.file_size != bytes.size()) {
        check.fail(
            fmt::format("it has {} bytes, its header says {}", bytes.size(), header.file_size));
    }
    check.require(is_analyser(header.analyser), "its analyser is unknown");
    if (header.analyser_version < kOldestAnalyserVersion ||
        header.analyser_version > kAnalyserVersion) {
        throw Error{fmt::format("the lexical index was cut into terms by version {} of the "
                                "analyser, this pmatch has versions {} to {}",
                                header.analyser_version, kOldestAnalyserVersion, kAnalyserVersion),
                    check.file(), bm25_remedy()};
    }
    check.require(std::isfinite(header.k1) && header.k1 >= 0, "k1 is not a number from 0 on");
    check.require(header.b >= 0 && header.b <= 1, "b is not between 0 and 1");
    check.require(header.items <= kMostBm25Items && header.terms <= kMostBm25Terms,
                  "it says it has too many items or terms");
    check.require(std::has_single_bit(header.slots) && header.slots > header.terms,
                  "its hash table has an impossible size");
    check.require(header.source.back() == '\0', "its source has no end");
    return header;
}

void check_rows(const Bm25Sections& sections, const Checker& check) {
    std::int64_t former = -1;
    for (const auto row : sections.rows) {
        check.require(row > former, "its rows do not ascend");
        former = row;
    }
}

/// Requires a strictly ascending list below `items`: no duplicates, and the last is in bounds.
void check_positions(std::span<const std::uint32_t> positions, std::uint64_t items,
                     const Checker& check) {
    bool ascending = true;
    for (std::size_t i = 1; i < positions.size(); ++i)
        ascending &= positions[i - 1] < positions[i];
    check.require(ascending && positions.back() < items, "it names items that are not there");
}

void check_values(std::span<const float> values, const Checker& check) {
    // A single comparison that also fails for NaN.
    constexpr float kLargest = 1e30F;
    bool good = true;
    for (const float value : values)
        good &= value >= 0 && value <= kLargest;
    check.require(good, "a term adds an impossible value");
}

void check_terms(const Bm25Sections& sections, const Checker& check) {
    const auto& header = sections.header;
    std::string_view former;
    std::uint64_t postings = 0;
    for (const auto& term : sections.terms) {
        check.require(
            term.text <= header.text_size && term.text_size <= header.text_size - term.text,
            "a term's text lies outside");
        check.require(term.items > 0 && term.items <= header.items,
                      "a term has an impossible number of items");
        const auto words = posting_words(term.items, header.items);
        check.require(
            term.postings <= header.posting_words && words <= header.posting_words - term.postings,
            "a term's items lie outside");
        const auto text = sections.text_of(term);
        check.require(former < text, "its terms do not ascend");
        former = text;
        postings += term.items;
        if (!is_dense(term.items, header.items)) {
            check_positions(sections.positions(term), header.items, check);
        }
        check_values(sections.values(term), check);
    }
    check.require(postings == header.postings, "its count of postings is wrong");
}

}  // namespace

Hash128 checksum_of(const Bm25Header& header) {
    return hash128(std::as_bytes(std::span(&header, 1)).first(offsetof(Bm25Header, checksum)));
}

std::span<const float> Bm25Sections::values(const Bm25Term& term) const {
    const bool dense = is_dense(term.items, header.items);
    const auto first = term.postings + (dense ? 0 : term.items);
    const auto words = postings.subspan(first, dense ? header.items : term.items);
    return {reinterpret_cast<const float*>(words.data()), words.size()};
}

Bm25Sections check_bm25(std::span<const std::byte> bytes, const std::filesystem::path& file) {
    const Checker check(file);
    Bm25Sections sections;
    auto& header = sections.header = read_header(bytes, check);
    Cursor cursor(bytes.subspan(sizeof header), check);
    sections.rows = cursor.take<std::int64_t>(header.items, "its rows");
    sections.terms = cursor.take<Bm25Term>(header.terms, "its terms");
    sections.slots = cursor.take<std::uint32_t>(header.slots, "its hash table");
    sections.order = cursor.take<std::uint32_t>(header.items, "its order of items");
    sections.postings = cursor.take<std::uint32_t>(header.posting_words, "its postings");
    const auto text = cursor.take<char>(header.text_size, "its text");
    sections.text = {text.data(), text.size()};
    check.require(cursor.at_end(), "it goes on after its text");
    check_rows(sections, check);
    check_terms(sections, check);
    const auto terms = header.terms;
    check.require(std::all_of(sections.slots.begin(), sections.slots.end(),
                              [&](std::uint32_t slot) { return slot <= terms; }),
                  "its hash table names terms that are not there");
    return sections;
}

}  // namespace pmatch
