#include "core/text/written_number.hpp"

#include <doctest/doctest.h>

using namespace pmatch;

namespace {

constexpr auto kPoint = DecimalMark::kPoint;
constexpr auto kComma = DecimalMark::kComma;

}  // namespace

TEST_CASE("a number says itself what its separators are, except for one before three digits") {
    for (const auto mark : {kPoint, kComma}) {
        CHECK(written_number("129", mark) == 129);
        CHECK(written_number("129.00", mark) == 129);
        CHECK(written_number("129,00", mark) == 129);
        CHECK(written_number("1,5", mark) == 1.5);
        CHECK(written_number("1,299.00", mark) == 1299);
        CHECK(written_number("1.299,00", mark) == 1299);
        CHECK(written_number("1.299.000", mark) == 1299000);
        CHECK(written_number("1,299,000.5", mark) == 1299000.5);
        CHECK(written_number("12,34,567.50", mark) == 1234567.5);
        CHECK(written_number("1 299.00", mark) == 1299);
        CHECK(written_number("1\xC2\xA0"
                             "299,00",
                             mark) == 1299);
        CHECK(written_number("1'299.50", mark) == 1299.5);
        CHECK(written_number("1\xE2\x80\xAF"
                             "299",
                             mark) == 1299);
        CHECK(written_number("0,500", mark) == 0.5);
        CHECK(written_number("1234,567", mark) == 1234.567);
    }
    CHECK(written_number("1,500", kPoint) == 1500);
    CHECK(written_number("1,500", kComma) == 1.5);
    CHECK(written_number("1.500", kPoint) == 1.5);
    CHECK(written_number("1.500", kComma) == 1500);
}

TEST_CASE("a number may have a currency, a sign and a dash for no cents") {
    for (const auto* text :
         {"149,00 €", "€149", "EUR 149", "149 eur", "$149.00", "US$ 149", "149,- €", "149.–",
          " 149,-", "CHF 149.-", "149 zł", "149,00\xC2\xA0kr", "£ 149.00", "149.00 USD"}) {
        INFO(text);
        CHECK(written_number(text, kPoint) == 149);
    }
    CHECK(written_number("-5,00 €", kComma) == -5);
    CHECK(written_number("-$5", kPoint) == -5);
    CHECK(written_number("$-5", kPoint) == -5);
}

TEST_CASE("what is no number alone is none") {
    for (const auto* text :
         {"", "call us", "from 9.99", "12 kg", "1.2.3", "1,2,3", "2024-01-31", "12:30", "5-10",
          "iPhone 12", "030 123 456", "12 34", "SKU-17", "9.99 EUR each", "1.29,00.5", "007-1"}) {
        INFO(text);
        CHECK(!written_number(text, kPoint));
    }
}

TEST_CASE("the first number of a text ends where it ends") {
    CHECK(first_number("$1,299.00 or best offer", kPoint) == 1299);
    CHECK(first_number("ab 1.299,00 €", kPoint) == 1299);
    CHECK(!first_number("free", kPoint));
}

TEST_CASE("numbers that say what their mark is decide for the others") {
    DecimalMarkVote vote;
    CHECK(vote.mark() == kPoint);
    vote.observe("1.500");
    CHECK(vote.mark() == kPoint);
    vote.observe("12,50 €");
    CHECK(vote.mark() == kComma);
    vote.observe("3.25");
    CHECK(vote.mark() == kPoint);
    vote.observe("1.500.000");
    CHECK(vote.mark() == kComma);
    vote.observe("no number");
    CHECK(vote.mark() == kComma);
}
