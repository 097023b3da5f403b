/// The matcher's view of a record (item or query): words, model numbers, numbers with units,
/// colours, price, manufacturer part number (MPN) and brand; extracted once, then compared many
/// times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/lexical/analyser.hpp"
#include "core/text/written_number.hpp"

namespace pmatch {

/// The columns used by the matcher; missing ones are empty.
struct MatchText {
    std::string text;
    std::string title;
    std::string price;
    std::string mpn;  ///< manufacturer part number
    std::string brand;
    std::string gtin = {};  ///< or another trade item number
    /// How numbers are written in the columns that these are of.
    DecimalMark text_mark = DecimalMark::kPoint;
    DecimalMark price_mark = DecimalMark::kPoint;
};

/// A word's hash and its inverse document frequency in the catalog.
struct TermIdf {
    std::uint64_t hash = 0;
    float idf = 0;
};

/// A token with digits that may be a model number: lower case, without punctuation.
struct ModelNumber {
    std::string written;
    float idf = 0;
};

struct MatchRecord {
    std::vector<TermIdf> text;  ///< distinct words, ascending by hash; likewise all lists below
    std::vector<TermIdf> title;
    std::vector<std::uint32_t> trigrams;  ///< of the title's letters and digits
    std::vector<ModelNumber> models;      ///< of the text, ascending
    std::vector<ModelNumber> title_models;
    std::string compact_text;  ///< letters and digits only, of the first few thousand bytes
    std::string compact_title;
    std::vector<std::uint64_t> units;          ///< hashes of (number, unit) in the text
    std::vector<std::uint64_t> unit_kinds;     ///< hashes of the units only
    std::vector<std::uint64_t> title_numbers;  ///< hashes of the numbers in the title
    std::vector<std::uint64_t> colours;
    std::uint64_t first_word = 0;
    float text_length = 0;  ///< number of words
    float title_length = 0;
    double price = 0;  ///< 0: missing or not a number
    std::string mpn;   ///< letters and digits only; likewise brand
    std::string brand;
    std::vector<std::uint64_t> brand_words;
    std::string gtin;  ///< 14 digits; empty: missing or wrong
};

/// The record as it is compared: without markup, folded as core/lexical/text_folder.hpp says.
class RecordFolder {
public:
    MatchText fold(const MatchText& record);

private:
    std::string fold(const std::string& text);
    TextFolder folder_;
};

/// Document frequencies of words and model numbers in the catalog.
class TermCounts {
public:
    void add(const MatchText& record);
    /// ln(1 + (n - held + 0.5) / (held + 0.5)), as in BM25.
    float idf(std::uint64_t hash) const;
    std::int64_t records() const { return records_; }

private:
    std::unordered_map<std::uint64_t, std::uint32_t> held_;
    std::int64_t records_ = 0;
    RecordFolder folder_;
    TermSplitter splitter_{Analyser::kWords};
};

/// Learns how records of one origin write their numbers.
class DecimalMarks {
public:
    void observe(const MatchText& record);
    void apply(MatchText& record) const {
        record.text_mark = text_.mark();
        record.price_mark = price_.mark();
    }

private:
    DecimalMarkVote text_;
    DecimalMarkVote price_;
};

/// Parses records; single-threaded: use one object per thread.
class RecordReader {
public:
    explicit RecordReader(const TermCounts& counts) : counts_(&counts) {}
    MatchRecord read(const MatchText& record);

private:
    std::vector<TermIdf> words_of(std::string_view text, float& length);
    const TermCounts* counts_;
    RecordFolder folder_;
    TermSplitter splitter_{Analyser::kWords};
};

}  // namespace pmatch
