#include "core/rerank/variant_attributes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "core/rerank/attribute_words.hpp"
#include "core/rerank/product_tokens.hpp"
#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kTitleBytes = 4000;
constexpr std::size_t kShortestNumberAsModel = 5;  // shorter ones are counts, longer ones numbers
constexpr double kMostShared = 0.8;                // see are_variants()
constexpr double kDecimals = 1e6;                  // values closer than this are equal

constexpr auto kColumns = std::to_array<std::string_view>(
    {"capacity", "color", "colour", "farbe", "groesse", "größe", "size", "storage", "volume"});

template <typename Value>
void sort_once(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

using ascii::has_digit;

/// The number a token begins with, and what follows: "24-inch" is 24 and "inch".
std::pair<std::string_view, std::string_view> split_number(std::string_view token) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < token.size(); ++at) {
        const char c = token[at];
        if (ascii::is_digit(c)) {
            end = at + 1;
        } else if (c != '.' && c != ',') {
            break;
        }
    }
    auto rest = token.substr(end);
    if (rest.starts_with('-')) rest.remove_prefix(1);
    return {token.substr(0, end), rest};
}

/// Reads one title or cell into attributes, model numbers and other words.
class AttributeReader {
public:
    AttributeReader(std::string_view text, bool is_size)
        : tokens_(title_tokens(text)), is_size_(is_size) {}

    VariantAttributes read() {
        for (std::size_t at = 0; at < tokens_.size();)
            at += read_token(at);
        sort_once(result_.words);
        sort_once(result_.attributes);
        sort_once(result_.models);
        return std::move(result_);
    }

private:
    void add(std::string_view kind, std::string_view value) {
        result_.attributes.push_back({term_hash(kind), term_hash(value)});
    }
    void add(std::string_view kind, double value) {
        const auto rounded = std::llround(std::min(value, 1e12) * kDecimals);
        result_.attributes.push_back({term_hash(kind), static_cast<std::uint64_t>(rounded)});
    }

    /// The number of tokens that were read.
    std::size_t read_token(std::size_t at) {
        const auto& token = tokens_[at];
        const auto [written, rest] = split_number(token.lower);
        const auto value = written.empty() ? std::nullopt : decimal_value(written);
        if (value && !rest.empty()) {
            if (const auto unit = unit_named(rest)) return add_measure(*value, *unit, 1);
        } else if (value) {
            return read_number(at, token, *value);
        }
        read_word(at, token);
        return 1;
    }

    std::size_t read_number(std::size_t at, const TitleToken& token, double value) {
        if (const auto unit = unit_named(token.mark)) return add_measure(value, *unit, 1);
        const bool last = at + 1 == tokens_.size();
        const auto unit = last ? std::nullopt : unit_named(tokens_[at + 1].lower);
        if (unit) return add_measure(value, *unit, 2);
        if (token.lower.size() >= kShortestNumberAsModel && compact(token.lower) == token.lower) {
            result_.models.push_back(token.lower);
        } else {
            add("number", value);
        }
        return 1;
    }

    std::size_t add_measure(double value, const UnitOfDimension& unit, std::size_t tokens) {
        add(unit.dimension, value * unit.factor);
        return tokens;
    }

    /// A single letter is a size only in capitals or where one is announced.
    bool is_size(std::size_t at, const TitleToken& token) const {
        if (size_named(token.lower).empty()) return false;
        const bool announced = is_size_ || (at > 0 && tokens_[at - 1].lower == "size");
        return token.lower.size() > 1 || token.written != token.lower || announced;
    }

    void read_word(std::size_t at, const TitleToken& token) {
        if (is_size(at, token)) return add("size", size_named(token.lower));
        if (const auto number = number_named(token.lower)) return add("number", *number);
        if (has_digit(token.lower)) return result_.models.push_back(compact(token.lower));
        std::string word;
        for (const char c : token.lower + '-') {
            if (c != '-' && c != '.' && c != ',') {
                word += c;
                continue;
            }
            if (is_colour(word)) {
                add("colour", word == "grey" ? "gray" : word);
            } else if (!word.empty() && !is_filler(word)) {
                result_.words.push_back(term_hash(word));
            }
            word.clear();
        }
    }

    std::vector<TitleToken> tokens_;
    bool is_size_;
    VariantAttributes result_;
};

/// A column's cell counts as attributes of kinds of its own.
void add_column(VariantAttributes& to, std::string_view name, std::string_view cell) {
    const auto values = AttributeReader(cell, true).read();
    const auto kind = [&](std::uint64_t of) {
        return term_hash(std::string(name) + ' ' + std::to_string(of));
    };
    for (const auto& attribute : values.attributes)
        to.attributes.push_back({kind(attribute.kind), attribute.value});
    for (const auto word : values.words)
        to.attributes.push_back({kind(0), word});
    for (const auto& model : values.models)
        to.attributes.push_back({kind(1), term_hash(model)});
}

/// Whether in some kind of attribute each side has a value that the other lacks.
bool differ(const std::vector<VariantAttribute>& a, const std::vector<VariantAttribute>& b) {
    std::vector<VariantAttribute> only_a;
    std::vector<VariantAttribute> only_b;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
    return std::any_of(only_a.begin(), only_a.end(), [&](const VariantAttribute& one) {
        return std::any_of(only_b.begin(), only_b.end(),
                           [&](const VariantAttribute& other) { return one.kind == other.kind; });
    });
}

/// Whether a model number of `a` is neither in the title of `b` nor a part of one of its numbers.
bool has_other_model(const VariantAttributes& a, const VariantAttributes& b) {
    return std::any_of(a.models.begin(), a.models.end(), [&](const std::string& model) {
        if (b.compact.find(model) != std::string::npos) return false;
        return std::none_of(b.models.begin(), b.models.end(), [&](const std::string& other) {
            return model.starts_with(other) || other.starts_with(model);
        });
    });
}

}  // namespace

bool is_variant_column(std::string_view name) {
    const auto lower = title_tokens(name);
    return lower.size() == 1 &&
           std::binary_search(kColumns.begin(), kColumns.end(), lower.front().lower);
}

VariantAttributes variant_attributes(
    std::string_view title, const std::vector<std::pair<std::string, std::string>>& columns) {
    title = title.substr(0, kTitleBytes);
    auto result = AttributeReader(title, false).read();
    result.compact = compact(title);
    for (const auto& [name, cell] : columns)
        add_column(result, name, cell);
    sort_once(result.attributes);
    return result;
}

bool are_variants(const VariantAttributes& a, const VariantAttributes& b) {
    const auto longer = static_cast<double>(std::max(a.words.size(), b.words.size()));
    if (common(a.words, b.words) < kMostShared * longer) return false;
    return differ(a.attributes, b.attributes) || (has_other_model(a, b) && has_other_model(b, a));
}

}  // namespace pmatch
