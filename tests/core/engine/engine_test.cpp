#include "core/engine/engine.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <thread>
#include <vector>

#include "core/engine/collecting_observer.hpp"
#include "core/retrieval/shared_encoder.hpp"
#include "tests/core/engine/engine_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

std::vector<MemoryItems::Item> mugs() {
    return {{"a", "red mug", "north"},
            {"b", "red mugs", "south"},
            {"c", "blue teapot", "north"},
            {"d", "zzz", "south"},
            {"e", "red mug", "north"}};
}

struct Opened {
    explicit Opened(std::vector<MemoryItems::Item> items = mugs(), BatchLimits limits = {}) {
        auto made = std::make_unique<MemoryCollection>(std::move(items), log, limits);
        collection = made.get();
        engine = std::make_unique<const Engine>(std::move(made), 1);
    }

    EncoderLog log;
    const MemoryCollection* collection = nullptr;
    std::unique_ptr<const Engine> engine;
};

std::string ids(const AnsweredQuery& answered) {
    std::string text;
    for (const auto& answer : answered.result.answers)
        text += answer.item;
    return text;
}

Request ask(const std::string& text, int top = 3) {
    Request request;
    request.queries = {text_query("1", text)};
    request.top = top;
    return request;
}

TEST_CASE("an engine answers from an index and an encoder in memory") {
    const Opened opened;
    const auto result = opened.engine->answer(ask("red mug"));
    REQUIRE(result.answers.size() == 1);
    CHECK(ids(result.answers.front()) == "aeb");
    CHECK(result.answers.front().result.answers.front().score == doctest::Approx(1));
    CHECK(result.answers.front().recipe->name == "text");
    CHECK(result.notes == std::vector<Notice>{"opened text"});
    CHECK(result.timings.all() >= 0);
}

TEST_CASE("preset, filter and groups belong to the request, not to the engine") {
    const Opened opened;
    auto request = ask("red mug");
    request.ranking.where = "shop = south";
    CHECK(ids(opened.engine->answer(request).answers.front()) == "bd");
    request = ask("red mug");
    request.ranking.collapse = "shop";
    CHECK(ids(opened.engine->answer(request).answers.front()) == "ab");
    request = ask("red mug");
    request.ranking.min_score = 0.9999;
    CHECK(ids(opened.engine->answer(request).answers.front()) == "ae");
    CHECK(ids(opened.engine->answer(ask("red mug")).answers.front()) == "aeb");
    CHECK(opened.collection->opened == 1);
    CHECK(opened.collection->encoders == 1);
}

TEST_CASE("the item that asks is left out where the request says so") {
    const Opened opened;
    auto request = ask("red mug", 2);
    request.queries.front().id = "a";
    request.ranking.exclude_self = true;
    CHECK(ids(opened.engine->answer(request).answers.front()) == "eb");
}

TEST_CASE("a condition that holds for nothing is a warning in the result") {
    const Opened opened;
    auto request = ask("red mug");
    request.ranking.where = "shop = west";
    for (int again = 0; again < 2; ++again) {
        const auto result = opened.engine->answer(request);
        CHECK(ids(result.answers.front()).empty());
        CHECK(result.warnings == std::vector<Notice>{"--where holds for none of the items"});
    }
}

TEST_CASE("a score that means little and a condition that holds for nothing are both warned of") {
    const Opened opened;
    auto request = ask("red mug");
    request.ranking.preset = "rrf";
    request.ranking.min_score = 0.5;
    request.ranking.where = "shop = west";
    const CollectingObserver observer;
    const auto warnings = opened.engine->plan(request.ranking, {observer, 1}).warnings;
    CHECK(observer.warnings() == warnings);
    REQUIRE(warnings.size() == 2);
    CHECK(warnings[0].text.find("--min-score 0.5 with preset rrf") == 0);
    CHECK(warnings[1] == Notice{"--where holds for none of the items"});
}

TEST_CASE("what does not fit the collection is refused before anything is opened") {
    const Opened opened;
    auto request = ask("red mug");
    request.ranking.preset = "no-such-preset";
    CHECK_THROWS_AS(opened.engine->answer(request), UsageError);
    request = ask("red mug");
    request.ranking.collapse = "colour";
    CHECK_THROWS_WITH_AS(opened.engine->answer(request),
                         "the items have no field 'colour' to collapse by", UsageError);
    CHECK(opened.collection->opened == 0);
}

TEST_CASE("an error says as data which command makes what is missing, and for which collection") {
    const Opened opened;
    auto request = ask("red mug");
    request.ranking.preset = "lexical";
    try {
        opened.engine->answer(request);
        FAIL("no error");
    } catch (const UsageError& error) {
        const auto& remedy = error.remedy();
        CHECK(remedy.advice == "make one:");
        REQUIRE(remedy.commands.size() == 1);
        CHECK(remedy.commands[0].verb == "build-index");
        CHECK(remedy.commands[0].collection == "memory");
        CHECK(remedy.commands[0].arguments == std::vector<std::string>{"--layout", "bm25"});
        CHECK(remedy.otherwise ==
              ", or use another preset; the spaces and lexical indexes here are: text");
    }
}

TEST_CASE("a collection that the thrower knew is not replaced by the one that the catcher knows") {
    Error error{"no vectors", {}, Remedy{"run", {{"embed", "b"}, {"build-index", {}}}}};
    error.name_collection("a");
    CHECK(error.remedy().commands == std::vector<Command>{{"embed", "b"}, {"build-index", "a"}});
}

TEST_CASE("a query with nothing that is compared fails alone") {
    const Opened opened;
    auto request = ask("red mug");
    request.queries.push_back(text_query("2", ""));
    const auto result = opened.engine->answer(request);
    CHECK_FALSE(result.answers[0].result.failed);
    CHECK(result.answers[1].result.failed);
    CHECK(result.answers[1].problem.code == "nothing_to_compare");
}

TEST_CASE("a query on which the encoder fails is named, and the others are answered") {
    const Opened opened;
    auto request = ask("red mug");
    const auto alone = ids(opened.engine->answer(request).answers.front());
    request.queries.push_back(text_query("2", "!mug"));
    request.queries.push_back(text_query("3", "red mug"));
    const auto result = opened.engine->answer(request);
    CHECK(ids(result.answers[0]) == alone);
    CHECK(result.answers[1].result.failed);
    CHECK(result.answers[1].problem.code == "not_encoded");
    CHECK(ids(result.answers[2]) == alone);
}

TEST_CASE("a text without a letter or number is no query") {
    const Opened opened;
    auto request = ask("red mug");
    for (const auto* text : {"   ", "\u00A0", "\u200B", "!!!", "--"})
        request.queries.push_back(text_query(text, text));
    const auto result = opened.engine->answer(request);
    CHECK_FALSE(result.answers[0].result.failed);
    for (std::size_t i = 1; i < result.answers.size(); ++i) {
        CHECK(result.answers[i].result.failed);
        CHECK(result.answers[i].result.answers.empty());
        CHECK(result.answers[i].problem.code == "nothing_to_compare");
        CHECK(result.answers[i].problem.detail.find("without a letter or number") !=
              std::string::npos);
    }
}

TEST_CASE("explanations come when they are asked for") {
    const Opened opened;
    auto request = ask("red mug");
    CHECK(opened.engine->answer(request).answers.front().ranked.front().parts.empty());
    request.explain = true;
    const auto answered = opened.engine->answer(request).answers.front();
    REQUIRE(answered.ranked.front().parts.size() == 1);
    CHECK(answered.ranked.front().parts.front().rank == 1);
}

TEST_CASE("a text that is mixed in leads towards it, or away") {
    const Opened opened({{"a", "aaaa", ""}, {"b", "bbbb", ""}, {"ab", "aabb", ""}});
    auto request = ask("aabb", 1);
    CHECK(ids(opened.engine->answer(request).answers.front()) == "ab");
    request.queries.front().mixed = {{"bbbb", {}, -0.7}};
    CHECK(ids(opened.engine->answer(request).answers.front()) == "a");
    request.queries.front().mixed = {{"bbbb", {}, 4}};
    CHECK(ids(opened.engine->answer(request).answers.front()) == "b");
}

TEST_CASE("a request that was cancelled is not answered") {
    const Opened opened;
    std::stop_source stop;
    stop.request_stop();
    auto request = ask("red mug");
    request.cancelled = stop.get_token();
    CHECK_THROWS_AS(opened.engine->answer(request), Cancelled);
}

/// Requests of every kind, in a fixed order.
std::vector<Request> mixed_requests(std::size_t count) {
    std::vector<Request> requests;
    for (std::size_t i = 0; i < count; ++i) {
        auto request = ask(fmt::format("{} mug {}", i % 3 == 0 ? "red" : "blue", i % 17),
                           1 + static_cast<int>(i % 4));
        if (i % 2 == 0) request.ranking.where = i % 4 == 0 ? "shop = south" : "shop = north";
        if (i % 5 == 0) request.ranking.collapse = "shop";
        request.ranking.preset = i % 7 == 0 ? "text" : "auto";
        requests.push_back(std::move(request));
    }
    return requests;
}

std::string as_line(const Result& result) {
    std::string line;
    for (const auto& answer : result.answers.front().result.answers)
        line += fmt::format("{} {:.9f};", answer.item, answer.score);
    return line;
}

TEST_CASE("eight threads with different requests get what one gets") {
    const auto requests = mixed_requests(400);
    std::vector<std::string> expected;
    const Opened alone;
    for (const auto& request : requests)
        expected.push_back(as_line(alone.engine->answer(request)));
    const Opened shared;
    std::vector<std::string> found(requests.size());
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (auto i = t; i < requests.size(); i += 8)
                found[i] = as_line(shared.engine->answer(requests[i]));
        });
    }
    threads.clear();
    CHECK(found == expected);
    CHECK(shared.collection->opened == 1);
    CHECK(shared.collection->encoders == 1);
    CHECK(shared.log.most == 1);
}

}  // namespace
