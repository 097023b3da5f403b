#include "core/rerank/match_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"

namespace {

using namespace pmatch;

constexpr auto kPoint = DecimalMark::kPoint;
constexpr auto kComma = DecimalMark::kComma;

std::map<std::string, float> features(const MatchText& query, const MatchText& item) {
    TermCounts counts;
    for (const auto* text : {"Sony Bravia TV black", "Canon PowerShot camera", "LG TV", "a b c"})
        counts.add({text, text, "", "", ""});
    RecordReader reader(counts);
    const auto& names = pair_feature_names();
    std::vector<float> values(names.size());
    pair_features(reader.read(query), reader.read(item), values);
    std::map<std::string, float> named;
    for (std::size_t i = 0; i < names.size(); ++i)
        named[names[i]] = values[i];
    CHECK(named.size() == names.size());
    return named;
}

std::map<std::string, float> of_titles(const std::string& query, const std::string& item) {
    return features({query, query, "", "", ""}, {item, item, "", "", ""});
}

TEST_CASE("model numbers are tokens with digits, without their punctuation") {
    CHECK(model_numbers("Sony PS-LX350H, (DSC-W55) 5 in 12345") ==
          std::vector<std::string>{"12345", "dscw55", "pslx350h"});
    CHECK(model_numbers("no digits, 12, 7x").empty());
    CHECK(model_numbers("W55 W55/W-55") == std::vector<std::string>{"w55"});
    CHECK(model_numbers(std::string(100, '7')).empty());
}

TEST_CASE("a number has the same unit in all its spellings") {
    const auto units = measures_of("19 inch", kPoint).units;
    CHECK(units.size() == 1);
    CHECK(measures_of("19\"", kPoint).units == units);
    CHECK(measures_of("19-in", kPoint).units == units);
    CHECK(measures_of("19.0 inches", kPoint).units == units);
    CHECK(measures_of("20 inch", kPoint).units != units);
    CHECK(measures_of("19 incense", kPoint).units.empty());
    CHECK(measures_of("1,024 MB", kPoint).units == measures_of("1024mb", kPoint).units);
}

TEST_CASE("digits inside of a word are no number") {
    CHECK(measures_of("PS2 mp3 W55", kPoint).numbers.empty());
    CHECK(measures_of("5d", kPoint).numbers.empty());
    CHECK(measures_of("33-1/3 RPM", kPoint).numbers.size() == 3);
    CHECK(measures_of("", kPoint).numbers.empty());
    CHECK(measures_of("7.", kPoint).numbers.size() == 1);
}

TEST_CASE("a price is the first number of its cell") {
    CHECK(price_in("$1,299.00 or best offer", kPoint) == 1299);
    CHECK(price_in("EUR 17.95", kPoint) == 17.95);
    CHECK(price_in("free", kPoint) == 0);
    CHECK(price_in("", kPoint) == 0);
}

TEST_CASE("a price is read as its column writes it where it does not say") {
    CHECK(price_in("129,00 €", kPoint) == 129);
    CHECK(price_in("1.299,00 €", kPoint) == 1299);
    CHECK(price_in("1 299.00", kPoint) == 1299);
    CHECK(price_in("149,- €", kComma) == 149);
    CHECK(price_in("1.299", kPoint) == 1.299);
    CHECK(price_in("1.299", kComma) == 1299);
    CHECK(price_in("1,299", kComma) == 1.299);
    CHECK(price_in("1.29.9", kPoint) == 1.29);
}

TEST_CASE("numbers with units have the decimal mark of their catalog") {
    CHECK(measures_of("1,5 l", kComma).units == measures_of("1.5 l", kPoint).units);
    CHECK(measures_of("1.5 l", kComma).units == measures_of("1.5 l", kPoint).units);
    CHECK(measures_of("1.024 MB", kComma).units == measures_of("1,024 MB", kPoint).units);
    CHECK(measures_of("1,5 l", kComma).units != measures_of("15 l", kPoint).units);
    DecimalMarks marks;
    MatchText text{"Teak oil 1,5 l, sizes 1,2", "", "1.299", "", ""};
    marks.observe(text);
    marks.apply(text);
    CHECK(text.text_mark == kComma);
    CHECK(text.price_mark == kPoint);
}

TEST_CASE("every feature of a record and itself speaks for it") {
    const auto same =
        of_titles("Sony Bravia KDL-40V 40 inch black", "Sony Bravia KDL-40V 40 inch black");
    for (const auto* full :
         {"text.jaccard", "text.idf.jaccard", "title.idf.query", "title.idf.item",
          "title_in_text.idf.query", "title.trigrams.jaccard", "title.first_word", "models.in_item",
          "models.in_query", "models.title", "models.prefix", "numbers.jaccard",
          "title.length_ratio"}) {
        INFO(full);
        CHECK(same.at(full) == 1);
    }
    for (const auto* none : {"title.lacking.query", "title.lacking.item", "models.conflict",
                             "units.conflict", "numbers.conflict", "colours.conflict"}) {
        INFO(none);
        CHECK(same.at(none) == 0);
    }
}

TEST_CASE("other model numbers, capacities, colours are conflicts") {
    const auto differ = of_titles("Sony DSC-W55 8 GB black", "Sony DSC-H9 16 GB silver");
    CHECK(differ.at("models.conflict") == 1);
    CHECK(differ.at("units.conflict") == 1);
    CHECK(differ.at("numbers.conflict") == 1);
    CHECK(differ.at("colours.conflict") == 1);
    const auto silent = of_titles("Sony DSC-W55 8 GB black", "Sony camera");
    CHECK(silent.at("models.conflict") == 0);
    CHECK(silent.at("units.conflict") == 0);
    CHECK(silent.at("colours.conflict") == 0);
}

TEST_CASE("a model number is found across blanks and hyphens") {
    const auto found = of_titles("Sony DSCW55 camera", "Sony DSC W 55 camera");
    CHECK(found.at("models.in_item") == 1);
    CHECK(found.at("models.longest") == 6);
    CHECK(of_titles("Sony DSCW55B", "Sony DSCW55").at("models.prefix") == doctest::Approx(6.0 / 7));
    CHECK(of_titles("part XDSCW55", "part DSCW55").at("models.suffix") == doctest::Approx(6.0 / 7));
}

TEST_CASE("rare words weigh more than common ones") {
    const auto rare = of_titles("Bravia", "Bravia TV");
    const auto common = of_titles("TV", "Bravia TV");
    CHECK(rare.at("title.jaccard") == common.at("title.jaccard"));
    CHECK(rare.at("title.idf.jaccard") > common.at("title.idf.jaccard"));
    CHECK(rare.at("title.rare") > common.at("title.rare"));
}

TEST_CASE("prices are compared only where both records have one") {
    const auto near = features({"a", "a", "100", "", ""}, {"a", "a", "$98.00", "", ""});
    CHECK(near.at("price.both") == 1);
    CHECK(near.at("price.near") == 1);
    CHECK(near.at("price.ratio") == doctest::Approx(0.98));
    const auto one = features({"a", "a", "100", "", ""}, {"a", "a", "", "", ""});
    CHECK(one.at("price.both") == 0);
    CHECK(one.at("price.ratio") == 0);
}

/// The names as preset files weigh them and feature files list them.
TEST_CASE("the features of a pair have these names, in this order") {
    CHECK(pair_feature_names() == std::vector<std::string>{"text.jaccard",
                                                           "text.idf.jaccard",
                                                           "text.idf.query",
                                                           "text.idf.item",
                                                           "title.jaccard",
                                                           "title.idf.jaccard",
                                                           "title.idf.query",
                                                           "title.idf.item",
                                                           "title_in_text.idf.query",
                                                           "title_in_text.idf.item",
                                                           "title.lacking.query",
                                                           "title.lacking.item",
                                                           "title.lacking.rarest.query",
                                                           "title.lacking.rarest.item",
                                                           "title.rare",
                                                           "text.rare",
                                                           "title.trigrams.jaccard",
                                                           "title.trigrams.query",
                                                           "title.trigrams.item",
                                                           "title.first_word",
                                                           "title.length_ratio",
                                                           "text.length_ratio",
                                                           "models.shared",
                                                           "models.rarest",
                                                           "models.in_item",
                                                           "models.in_query",
                                                           "models.longest",
                                                           "models.title",
                                                           "models.conflict",
                                                           "models.prefix",
                                                           "models.suffix",
                                                           "models.lacking.query",
                                                           "models.lacking.item",
                                                           "units.agree",
                                                           "units.conflict",
                                                           "numbers.agree",
                                                           "numbers.jaccard",
                                                           "numbers.conflict",
                                                           "numbers.lacking.query",
                                                           "numbers.lacking.item",
                                                           "colours.agree",
                                                           "colours.conflict",
                                                           "price.both",
                                                           "price.ratio",
                                                           "price.near",
                                                           "price.apart",
                                                           "mpn.equal",
                                                           "mpn.differ",
                                                           "mpn.part",
                                                           "mpn.in_title.query",
                                                           "mpn.in_title.item",
                                                           "brand.equal",
                                                           "brand.differ",
                                                           "brand.in_title",
                                                           "gtin.equal",
                                                           "gtin.differ",
                                                           "models.common.begin",
                                                           "models.common.stem",
                                                           "models.common.run"});
}

std::map<std::string, float> of_records(const MatchRecord& query, const MatchRecord& item) {
    const auto& names = pair_feature_names();
    std::vector<float> values(names.size());
    pair_features(query, item, values);
    std::map<std::string, float> named;
    for (std::size_t i = 0; i < names.size(); ++i)
        named[names[i]] = values[i];
    return named;
}

void check_values(const std::map<std::string, float>& values,
                  const std::map<std::string, double>& wanted) {
    for (const auto& [name, value] : wanted) {
        INFO(name);
        CHECK(values.at(name) == doctest::Approx(value));
    }
}

/// Each value by hand, no two alike where the formulas differ.
TEST_CASE("every name of what words share stands beside its own value") {
    MatchRecord query;
    query.text = {{1, 1}, {2, 2}, {3, 4}, {4, 3}};
    query.title = {{3, 4}, {4, 3}, {7, 5}};
    query.trigrams = {1, 2, 3, 4};
    query.text_length = 5;
    query.title_length = 3;
    query.first_word = 9;
    MatchRecord item;
    item.text = {{2, 2}, {3, 4}, {5, 8}, {6, 16}, {8, 1}};
    item.title = {{3, 4}, {6, 16}};
    item.trigrams = {2, 3, 9};
    item.text_length = 8;
    item.title_length = 2;
    item.first_word = 9;
    check_values(of_records(query, item), {{"text.jaccard", 2.0 / 7},
                                           {"text.idf.jaccard", 6.0 / 35},
                                           {"text.idf.query", 6.0 / 10},
                                           {"text.idf.item", 6.0 / 31},
                                           {"title.jaccard", 1.0 / 4},
                                           {"title.idf.jaccard", 4.0 / 28},
                                           {"title.idf.query", 4.0 / 12},
                                           {"title.idf.item", 4.0 / 20},
                                           {"title_in_text.idf.query", 4.0 / 12},
                                           {"title_in_text.idf.item", 4.0 / 20},
                                           {"title.lacking.query", 8},
                                           {"title.lacking.item", 16},
                                           {"title.lacking.rarest.query", 5},
                                           {"title.lacking.rarest.item", 16},
                                           {"title.rare", 4},
                                           {"text.rare", 4},
                                           {"title.trigrams.jaccard", 2.0 / 5},
                                           {"title.trigrams.query", 2.0 / 4},
                                           {"title.trigrams.item", 2.0 / 3},
                                           {"title.first_word", 1},
                                           {"title.length_ratio", 2.0 / 3},
                                           {"text.length_ratio", 5.0 / 8}});
}

TEST_CASE("every name of numbers, units, colours and prices stands beside its own value") {
    MatchRecord query;
    query.units = {11, 12};
    query.unit_kinds = {1, 2, 3};
    query.title_numbers = {1, 2, 3, 4};
    query.colours = {5};
    query.price = 50;
    MatchRecord item;
    item.units = {12};
    item.unit_kinds = {2, 3};
    item.title_numbers = {4, 6, 7};
    item.colours = {6};
    item.price = 40;
    check_values(of_records(query, item), {{"units.agree", std::log(2.0)},
                                           {"units.conflict", 1.0 / 2},
                                           {"numbers.agree", std::log(2.0)},
                                           {"numbers.jaccard", 1.0 / 6},
                                           {"numbers.conflict", 0},
                                           {"numbers.lacking.query", std::log(4.0)},
                                           {"numbers.lacking.item", std::log(3.0)},
                                           {"colours.agree", 0},
                                           {"colours.conflict", 1},
                                           {"price.both", 1},
                                           {"price.ratio", 0.8},
                                           {"price.near", 0},
                                           {"price.apart", std::log(1.25)}});
}

TEST_CASE("every name of model numbers stands beside its own value") {
    MatchRecord query;
    query.models = {{"ab12", 2}, {"cd345", 3}, {"xy99", 7}};
    query.title_models = {{"cd345", 3}, {"xy99", 7}};
    query.compact_text = query.compact_title = "cd345xy99";
    MatchRecord item;
    item.models = {{"ab12", 2}, {"cd345", 3}, {"cd3467", 5}};
    item.title_models = {{"cd3467", 5}};
    item.compact_text = item.compact_title = "cd3467";
    check_values(of_records(query, item), {{"models.shared", std::log(3.0)},
                                           {"models.rarest", 3},
                                           {"models.in_item", 5.0 / 9},
                                           {"models.in_query", 0},
                                           {"models.longest", 5},
                                           {"models.title", 0},
                                           {"models.conflict", 0},
                                           {"models.prefix", 4.0 / 6},
                                           {"models.suffix", 0},
                                           {"models.lacking.query", 7},
                                           {"models.lacking.item", 5},
                                           {"models.common.begin", 4.0 / 8},
                                           {"models.common.stem", 0},
                                           {"models.common.run", 4.0 / 10}});
}

TEST_CASE("empty records and bytes that are no text have features") {
    for (const auto* text : {"", " ", "\xff\xfe\x80", "((((", "'\"'\"", "5'"}) {
        const auto values = of_titles(text, "Sony 5 in");
        CHECK(std::all_of(values.begin(), values.end(),
                          [](const auto& one) { return one.second == one.second; }));
    }
}

TEST_CASE("columns of the maker's number and the brand agree, differ, or are found in titles") {
    const auto same = features({"", "Speaker", "", "AM-53 BK", "Bose"},
                               {"", "Bose am53bk black", "", "am53bk", "BOSE"});
    CHECK(same.at("mpn.equal") == 1);
    CHECK(same.at("mpn.differ") == 0);
    CHECK(same.at("mpn.in_title.query") == 0);
    CHECK(same.at("mpn.in_title.item") == 1);
    CHECK(same.at("brand.equal") == 1);
    CHECK(same.at("brand.in_title") == 1);
    const auto other =
        features({"", "a", "", "EZXS88W", "Linksys"}, {"", "b", "", "EZXS88", "Cisco Systems"});
    CHECK(other.at("mpn.equal") == 0);
    CHECK(other.at("mpn.differ") == 1);
    CHECK(other.at("mpn.part") == 1);
    CHECK(other.at("brand.differ") == 1);
    CHECK(other.at("brand.in_title") == 0);
    const auto maker = features({"", "a", "", "", "Cisco"}, {"", "b", "", "12", "Cisco Systems"});
    for (const auto* none : {"mpn.equal", "mpn.differ", "mpn.part", "mpn.in_title.query",
                             "brand.equal", "brand.differ"}) {
        INFO(none);
        CHECK(maker.at(none) == 0);
    }
}

TEST_CASE("model numbers that are not the same have a begin, a stem or a run in common") {
    const auto colour = of_titles("Whirlpool Dishwasher - DU1055BK", "Dishwasher DU-1055-XTSB");
    CHECK(colour.at("models.common.begin") == doctest::Approx(6.0 / 8));
    CHECK(colour.at("models.common.stem") == doctest::Approx(6.0 / 10));
    CHECK(colour.at("models.common.run") == doctest::Approx(6.0 / 10));
    const auto longer = of_titles("Canon FS10", "Canon FS100S camcorder");
    CHECK(longer.at("models.common.begin") == doctest::Approx(4.0 / 8));
    CHECK(longer.at("models.common.stem") == 0);
    const auto inside = of_titles("Sony DSCS750", "Sony DSC-750 camera");
    CHECK(inside.at("models.common.run") == doctest::Approx(3.0 / 10));  // 750, not dsc
    const auto apart = of_titles("Sony KDL-40V", "Bose AM-53");
    for (const auto* name : {"models.common.begin", "models.common.stem", "models.common.run"}) {
        INFO(name);
        CHECK(apart.at(name) == 0);
    }
}

TEST_CASE("trade item numbers are equal or differ if both are right") {
    const auto of = [](const char* query, const char* item) {
        return features({"a", "a", "", "", "", query}, {"b", "b", "", "", "", item});
    };
    CHECK(of("4006381333931", "04006381333931").at("gtin.equal") == 1);
    CHECK(of("4006381333931", "04006381333931").at("gtin.differ") == 0);
    CHECK(of("4006381333931", "96385074").at("gtin.differ") == 1);
    for (const auto* wrong : {"", "4006381333932", "n/a"}) {
        CHECK(of("4006381333931", wrong).at("gtin.equal") == 0);
        CHECK(of("4006381333931", wrong).at("gtin.differ") == 0);
    }
}

}  // namespace
