#include "core/metrics/protocol_lint.hpp"

#include <doctest/doctest.h>

using namespace pmatch;

namespace {

std::vector<std::string> names(const ProtocolFacts& facts) {
    std::vector<std::string> names;
    for (const auto& warning : lint(facts))
        names.push_back(warning.name);
    return names;
}

}  // namespace

TEST_CASE("a clean protocol has no warnings") {
    ProtocolFacts facts;
    facts.items = 100;
    facts.largest_k = 100;
    facts.indexes = {{"text", "Flat", 1}, {"image", "HNSW32", 0.99}};
    CHECK(lint(facts).empty());
}

TEST_CASE("each flaw has its name") {
    ProtocolFacts facts;
    facts.items = 5;
    facts.largest_k = 10;
    facts.queries_without_truth.add("q");
    facts.unknown_queries.add("q");
    facts.unknown_items.add("i");
    facts.repeated_queries.add("q");
    facts.same_pictures.add("q");
    facts.same_texts.add("q");
    facts.columns = {{"cluster", "cluster", 100, 100, 500, 0}};
    facts.indexes = {{"text", "HNSW4", 0.8}};
    const std::vector<std::string> expected = {
        "queries-without-truth", "unknown-query",   "unknown-item",
        "duplicate-ids",         "same-picture",    "same-text",
        "leaking-column",        "k-above-catalog", "index-recall"};
    CHECK(names(facts) == expected);
}

TEST_CASE("a message has the count and the first three") {
    Sample sample;
    for (const char* id : {"a", "b", "c"})
        sample.add(id);
    CHECK(sample.text() == "3 (a, b, c)");
    sample.add("d");
    CHECK(sample.text() == "4 (a, b, c, …)");
}

TEST_CASE("an identifier gives the answer away; a brand, a currency and a few queries do not") {
    const std::int64_t items = 1000;
    CHECK(gives_away({"cluster", "cluster", 500, 499, 100'000, 20}, items));
    CHECK_FALSE(gives_away({"brand", "brand", 500, 490, 100'000, 1000}, items));
    CHECK_FALSE(gives_away({"currency", "currency", 500, 500, 100'000, 60'000}, items));
    CHECK_FALSE(gives_away({"model", "model", 500, 300, 100'000, 20}, items));
    CHECK_FALSE(gives_away({"cluster", "cluster", 9, 9, 100'000, 0}, items));
    CHECK_FALSE(gives_away({"cluster", "cluster", 0, 0, 0, 0}, items));
}

TEST_CASE("what is not known is not judged") {
    ProtocolFacts facts;  // a stored run: no catalog
    facts.largest_k = 1000;
    CHECK(lint(facts).empty());
}
