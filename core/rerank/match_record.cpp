#include "core/rerank/match_record.hpp"

#include <algorithm>
#include <cmath>

#include "core/identifiers/identifier.hpp"
#include "core/rerank/product_tokens.hpp"
#include "core/text/markup.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kCompactBytes = 4000;  // of a text; model numbers occur near its beginning
constexpr std::string_view kModelMark = "\x01";  // distinguishes model numbers from words

std::uint64_t model_hash(const std::string& model) {
    return term_hash(std::string(kModelMark) + model);
}

template <typename Value>
void sort_once(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<std::uint32_t> trigrams_of(const std::string& compacted) {
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i + 3 <= compacted.size(); ++i)
        found.push_back(
            static_cast<std::uint32_t>(term_hash(std::string_view(compacted).substr(i, 3))));
    sort_once(found);
    return found;
}

}  // namespace

std::string RecordFolder::fold(const std::string& text) {
    return std::string(folder_.fold(without_markup(text)));
}

/// The price stays as it is written: its signs tell how to read it.
MatchText RecordFolder::fold(const MatchText& record) {
    auto folded = record;  // prices and trade item numbers are read as they are written
    for (auto* const text : {&folded.text, &folded.title, &folded.mpn, &folded.brand})
        *text = fold(*text);
    return folded;
}

void TermCounts::add(const MatchText& written) {
    const auto record = folder_.fold(written);
    std::vector<std::uint64_t> terms;
    for (const auto& word : splitter_.split(record.text))
        terms.push_back(term_hash(word));
    for (const auto& model : model_numbers(record.text))
        terms.push_back(model_hash(model));
    sort_once(terms);
    for (const auto term : terms)
        ++held_[term];
    ++records_;
}

float TermCounts::idf(std::uint64_t hash) const {
    const auto at = held_.find(hash);
    const double held = at == held_.end() ? 0 : at->second;
    const auto records = static_cast<double>(records_);
    return static_cast<float>(std::log1p((records - held + 0.5) / (held + 0.5)));
}

void DecimalMarks::observe(const MatchText& record) {
    observe_measures(record.text, text_);
    price_.observe(record.price);
}

std::vector<TermIdf> RecordReader::words_of(std::string_view text, float& length) {
    const auto& words = splitter_.split(text);
    length = static_cast<float>(words.size());
    std::vector<std::uint64_t> hashes;
    for (const auto& word : words)
        hashes.push_back(term_hash(word));
    sort_once(hashes);
    std::vector<TermIdf> terms;
    for (const auto hash : hashes)
        terms.push_back({hash, counts_->idf(hash)});
    return terms;
}

MatchRecord RecordReader::read(const MatchText& written) {
    const auto record = folder_.fold(written);
    MatchRecord result;
    result.text = words_of(record.text, result.text_length);
    for (const auto& word : splitter_.split(record.text)) {
        if (is_colour(word)) result.colours.push_back(term_hash(word == "grey" ? "gray" : word));
    }
    sort_once(result.colours);
    result.title = words_of(record.title, result.title_length);
    const auto& words = splitter_.split(record.title);
    if (!words.empty()) result.first_word = term_hash(words.front());
    result.compact_title = compact(record.title);
    result.compact_text = compact(std::string_view(record.text).substr(0, kCompactBytes));
    result.trigrams = trigrams_of(result.compact_title);
    for (auto& model : model_numbers(record.text))
        result.models.push_back({model, counts_->idf(model_hash(model))});
    for (auto& model : model_numbers(record.title))
        result.title_models.push_back({model, counts_->idf(model_hash(model))});
    auto measures = measures_of(record.text, record.text_mark);
    result.units = std::move(measures.units);
    result.unit_kinds = std::move(measures.kinds);
    result.title_numbers = measures_of(record.title, record.text_mark).numbers;
    result.price = price_in(record.price, record.price_mark);
    result.mpn = compact(record.mpn);
    result.brand = compact(record.brand);
    result.gtin = trade_number(record.gtin).value_or("");
    for (const auto& word : splitter_.split(record.brand))
        result.brand_words.push_back(term_hash(word));
    sort_once(result.brand_words);
    return result;
}

}  // namespace pmatch
