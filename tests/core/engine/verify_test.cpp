#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/common/random.hpp"
#include "core/engine/collecting_observer.hpp"
#include "core/ranking/verification.hpp"
#include "tests/core/engine/engine_support.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

/// `count` points of a made-up print: their descriptors are random, so none is like another.
Keypoints print(std::size_t count, std::uint64_t seed) {
    SplitMix64 random(seed);
    Keypoints keypoints;
    for (std::size_t i = 0; i < count; ++i) {
        const auto x = static_cast<float>(random.below(400));
        const auto y = static_cast<float>(random.below(400));
        keypoints.points.push_back({x, y, 5, 0});
        for (std::size_t byte = 0; byte < kDescriptorBytes; ++byte)
            keypoints.descriptors.push_back(static_cast<std::uint8_t>(random.below(90)));
    }
    return keypoints;
}

/// The first `count` points, 30 pixels to the right.
Keypoints shifted(Keypoints keypoints, std::size_t count) {
    keypoints.points.resize(count);
    keypoints.descriptors.resize(count * kDescriptorBytes);
    for (auto& point : keypoints.points)
        point.x += 30;
    return keypoints;
}

/// Items of rows 2 and 4 show the print of the query: 8 points of it and 24; that of row 3 another
/// one, that of row 1 none.
class MemoryKeypoints : public KeypointSource {
public:
    std::vector<ItemKeypoints> of_item(std::int64_t row, std::size_t /*most*/) const override {
        if (row == 1) return {{0, {}}};
        if (row == 2) return {{0, print(40, 3)}, {1, shifted(print(40, 1), 8)}};
        if (row == 3) return {{0, print(40, 2)}};
        if (row == 4) return {{0, shifted(print(40, 1), 24)}};
        return {};
    }
    std::variant<Keypoints, Problem> of_picture(const std::filesystem::path& file) const override {
        if (file == "plain.png") return Keypoints{};
        if (file != "print.png") return Problem{"missing", "there is no such picture"};
        return print(40, 1);
    }
};

class VerifiedCollection : public MemoryCollection {
public:
    VerifiedCollection(EncoderLog& log, bool has_space)
        : MemoryCollection({{"a", "red mug", "north"},
                            {"b", "red mugs", "south"},
                            {"c", "blue teapot", "north"},
                            {"d", "zzz", "south"},
                            {"e", "green bowl", "north"}},
                           log),
          has_space_(has_space) {}

    std::vector<SpaceSummary> available(const std::string& preset) const override {
        auto lists = MemoryCollection::available(preset);
        if (has_space_) {
            lists.push_back({"local", Source::pictures()});
            lists.back().keypoints = true;
        }
        return lists;
    }
    std::unique_ptr<const KeypointSource> keypoints(const std::string& space) const override {
        CHECK(space == "local");
        return std::make_unique<MemoryKeypoints>();
    }

private:
    bool has_space_;
};

struct Asked {
    explicit Asked(const std::string& verify, bool has_space = true, int threads = 1)
        : dir("verify"), engine(std::make_unique<VerifiedCollection>(log, has_space), threads) {
        std::ofstream(dir / "p.jsonc") << R"({"lists": [{"source": "text"}])"
                                       << (verify.empty() ? "" : ", \"verify\": ") << verify << "}";
        request.queries = {text_query("1", "red mug")};
        request.queries[0].pictures = {"print.png"};
        request.ranking.preset = (dir / "p.jsonc").string();
        request.top = 5;
        request.explain = true;
    }
    AnsweredQuery answer() {
        auto result = engine.answer(request);
        notes = result.notes;
        return result.answers.at(0);
    }

    TempDir dir;
    EncoderLog log;
    Engine engine;
    Request request;
    std::vector<Notice> notes;
};

std::map<std::string, RankedItem> by_id(const AnsweredQuery& answered) {
    std::map<std::string, RankedItem> items;
    for (std::size_t i = 0; i < answered.ranked.size(); ++i)
        items[answered.result.answers[i].item] = answered.ranked[i];
    return items;
}

TEST_CASE("pictures that lie alike add the logarithm of their points to the score") {
    const auto plain = by_id(Asked("").answer());
    Asked asked(R"({"top": 5, "weight": 0.5})");
    const auto answered = asked.answer();
    CHECK(answered.result.answers.at(0).item == "e");
    const auto items = by_id(answered);
    REQUIRE(items.size() == 5);
    // Of 24 points and of 8, 4 may be chance: ln(1 + 20) and ln(1 + 4).
    CHECK(items.at("e").inliers == 24);
    CHECK(items.at("e").verify_part == doctest::Approx(0.5 * 3.0445224377));
    CHECK(items.at("c").inliers == 8);
    CHECK(items.at("c").verify_part == doctest::Approx(0.5 * 1.6094379124));
    CHECK(items.at("c").verified->item_picture == 1);
    CHECK(items.at("c").verified->geometry.transform.dx == doctest::Approx(-30).epsilon(1e-3));
    for (const auto& [id, item] : items) {
        CAPTURE(id);
        CHECK(item.score == doctest::Approx(plain.at(id).score + item.verify_part));
    }
    // Another print; a picture without structure; no picture.
    CHECK(items.at("d").inliers == 0);
    CHECK(items.at("b").inliers == 0);
    CHECK(items.at("a").inliers == -1);
    CHECK(items.at("a").verified == nullptr);
}

TEST_CASE("only the best are compared, and fewer answers than these may be wanted") {
    Asked asked(R"({"top": 2, "weight": 0.5})");
    CHECK(by_id(asked.answer()).at("e").inliers == -1);
    Asked deep(R"({"top": 5, "weight": 0.5})");
    deep.request.top = 1;
    const auto answered = deep.answer();
    REQUIRE(answered.ranked.size() == 1);
    CHECK(answered.result.answers.at(0).item == "e");
}

TEST_CASE("any number of threads gives one answer") {
    Asked one(R"({"top": 5})");
    const auto expected = one.answer();
    for (const int threads : {2, 8}) {
        Asked asked(R"({"top": 5})", true, threads);
        const auto answered = asked.answer();
        REQUIRE(answered.ranked.size() == expected.ranked.size());
        for (std::size_t i = 0; i < expected.ranked.size(); ++i) {
            CHECK(answered.ranked[i].row == expected.ranked[i].row);
            CHECK(answered.ranked[i].score == expected.ranked[i].score);
        }
    }
}

TEST_CASE(
    "a batch ranks in return by what the comparison added, the same for any number of threads") {
    const auto alone = by_id(Asked(R"({"top": 5, "weight": 0.5})").answer());
    const auto plain = by_id(Asked("").answer());
    for (const int threads : {1, 2, 8}) {
        CAPTURE(threads);
        Asked asked(R"({"top": 5, "weight": 0.5})", true, threads);
        asked.request.queries.push_back(text_query("2", "red mug"));
        asked.request.ranking.batch = true;
        const auto result = asked.engine.answer(asked.request);
        REQUIRE(result.answers.size() == 2);
        CHECK(result.answers[0].result.answers.at(0).item == "e");
        const auto with = by_id(result.answers[0]);
        const auto without = by_id(result.answers[1]);
        // Of the two queries, e is more wanted by the one whose picture shows it: 1 and 1 / 2 of
        // .4 times the query's best score. That of the other is what it is without pictures.
        const double best = alone.at("e").score;
        CHECK(with.at("e").score == doctest::Approx(best + .4 * best));
        const double other = std::max_element(plain.begin(), plain.end(), [](auto& a, auto& b) {
                                 return a.second.score < b.second.score;
                             })->second.score;
        CHECK(without.at("e").score == doctest::Approx(plain.at("e").score + .4 * other / 2));
        CHECK(without.at("e").inliers == -1);
        // Nothing was added to a, so both want it alike.
        CHECK(with.at("a").score == doctest::Approx(plain.at("a").score + .4 * best));
        CHECK(without.at("a").score == doctest::Approx(plain.at("a").score + .4 * other));
    }
}

TEST_CASE("a query's picture without structure, or that cannot be read, changes nothing") {
    const auto plain = Asked("").answer();
    for (const std::string picture : {"plain.png", "gone.png"}) {
        Asked asked(R"({"top": 5})");
        asked.request.queries[0].pictures = {picture};
        const auto answered = asked.answer();
        CHECK(answered.problem.code.empty());
        REQUIRE(answered.ranked.size() == plain.ranked.size());
        for (std::size_t i = 0; i < plain.ranked.size(); ++i) {
            CHECK(answered.ranked[i].score == plain.ranked[i].score);
            CHECK(answered.ranked[i].inliers == -1);
        }
    }
    // Of several pictures those with points are compared.
    Asked asked(R"({"top": 5})");
    asked.request.queries[0].pictures = {"gone.png", "plain.png", "print.png"};
    const auto items = by_id(asked.answer());
    CHECK(items.at("e").inliers == 24);
    CHECK(items.at("e").verified->query_picture == 2);
}

TEST_CASE("a threshold is for the score after the comparison") {
    const auto plain = by_id(Asked("").answer()).at("e").score;
    Asked asked(R"({"top": 5, "weight": 0.5})");
    const auto all = asked.answer();
    // Above all others, and above what the item had before.
    const double least = (all.ranked.at(0).score + all.ranked.at(1).score) / 2;
    REQUIRE(plain < least);
    asked.request.ranking.min_score = least;
    const auto answered = asked.answer();
    REQUIRE(answered.ranked.size() == 1);
    CHECK(answered.result.answers.at(0).item == "e");
}

TEST_CASE("a collection without the space answers by the lists, and says so once") {
    const auto plain = Asked("").answer();
    Asked asked("{}", false);
    const auto answered = asked.answer();
    REQUIRE(answered.ranked.size() == plain.ranked.size());
    CHECK(answered.ranked.at(0).score == plain.ranked.at(0).score);
    const auto told = [&] {
        return std::count_if(asked.notes.begin(), asked.notes.end(), [](const Notice& note) {
            return !note.remedy.commands.empty() && note.remedy.commands[0].verb == "embed";
        });
    };
    CHECK(told() == 1);
    asked.answer();
    CHECK(told() == 0);
    Asked required(R"({"required": true})", false);
    CHECK_THROWS_AS(required.answer(), UsageError);
}

TEST_CASE("a space of local features is no list") {
    Asked asked("");
    asked.request.ranking.preset = "local";
    CHECK_THROWS_WITH_AS(asked.answer(), "space 'local' has local features, which make no list",
                         UsageError);
}

}  // namespace
