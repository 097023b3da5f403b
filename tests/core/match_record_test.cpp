#include "core/match_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "core/match_features.hpp"
#include "core/match_tokens.hpp"

namespace {

using namespace pmatch;

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
    const auto units = measures_of("19 inch").units;
    CHECK(units.size() == 1);
    CHECK(measures_of("19\"").units == units);
    CHECK(measures_of("19-in").units == units);
    CHECK(measures_of("19.0 inches").units == units);
    CHECK(measures_of("20 inch").units != units);
    CHECK(measures_of("19 incense").units.empty());
    CHECK(measures_of("1,024 MB").units == measures_of("1024mb").units);
}

TEST_CASE("digits inside of a word are no number") {
    CHECK(measures_of("PS2 mp3 W55").numbers.empty());
    CHECK(measures_of("5d").numbers.empty());
    CHECK(measures_of("33-1/3 RPM").numbers.size() == 3);
    CHECK(measures_of("").numbers.empty());
    CHECK(measures_of("7.").numbers.size() == 1);
}

TEST_CASE("a price is the first number of its cell") {
    CHECK(price_in("$1,299.00 or best offer") == 1299);
    CHECK(price_in("EUR 17.95") == 17.95);
    CHECK(price_in("free") == 0);
    CHECK(price_in("") == 0);
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

}  // namespace
