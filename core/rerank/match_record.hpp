/// What the matcher reads of a record, an item or a query: its words, model numbers, numbers with
/// units, colours, price, maker's number and brand, cut once and then compared with many others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/lexical/analyser.hpp"

namespace pmatch {

/// The columns that the matcher looks at; absent ones are empty.
struct MatchText {
    std::string text;
    std::string title;
    std::string price;
    std::string mpn;  ///< the maker's number of the product
    std::string brand;
};

/// A word by its hash, with its inverse document frequency in the catalog.
struct TermIdf {
    std::uint64_t hash = 0;
    float idf = 0;
};

/// A token with digits that may name a model: lower case, without punctuation.
struct ModelNumber {
    std::string written;
    float idf = 0;
};

struct MatchRecord {
    std::vector<TermIdf> text;  ///< different words, ascending hashes; so in all lists here
    std::vector<TermIdf> title;
    std::vector<std::uint32_t> trigrams;  ///< of the title's letters and digits
    std::vector<ModelNumber> models;      ///< of the text, ascending
    std::vector<ModelNumber> title_models;
    std::string compact_text;  ///< letters and digits alone, of the first few thousand bytes
    std::string compact_title;
    std::vector<std::uint64_t> units;          ///< (number, unit), hashed, of the text
    std::vector<std::uint64_t> unit_kinds;     ///< the units alone
    std::vector<std::uint64_t> title_numbers;  ///< numbers of the title
    std::vector<std::uint64_t> colours;
    std::uint64_t first_word = 0;
    float text_length = 0;  ///< words
    float title_length = 0;
    double price = 0;  ///< 0: none, or no number
    std::string mpn;   ///< letters and digits alone; so the brand
    std::string brand;
    std::vector<std::uint64_t> brand_words;
};

/// How many records of the catalog hold a word or a model number.
class TermCounts {
public:
    void add(const MatchText& record);
    /// ln(1 + (n - held + 0.5) / (held + 0.5)), as BM25 has it.
    float idf(std::uint64_t hash) const;
    std::int64_t records() const { return records_; }

private:
    std::unordered_map<std::uint64_t, std::uint32_t> held_;
    std::int64_t records_ = 0;
    TermSplitter splitter_{Analyser::kWords};
};

/// Cuts records; one object per thread.
class RecordReader {
public:
    explicit RecordReader(const TermCounts& counts) : counts_(&counts) {}
    MatchRecord read(const MatchText& record);

private:
    std::vector<TermIdf> words_of(std::string_view text, float& length);
    const TermCounts* counts_;
    TermSplitter splitter_{Analyser::kWords};
};

}  // namespace pmatch
