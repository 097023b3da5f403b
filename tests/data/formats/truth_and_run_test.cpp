#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "core/common/error.hpp"
#include "data/formats/run_file.hpp"
#include "data/formats/trec_id.hpp"
#include "data/formats/truth_file.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

std::filesystem::path write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

}  // namespace

TEST_CASE("CSV truth and qrels of the same pairs are the same truth") {
    const pmatch::test::TempDir dir("truth");
    const auto csv = write(dir / "t.csv", "query,item,grade\nq 1,b,2\nq 1,a,-1\nq2,c,1\n");
    const auto qrels = write(dir / "t.qrels", "q%201 0 b 2\nq%201\t0 a 0\n\nq2 0 c 1\n");
    const auto plain = write(dir / "t", "q%201 0 b 2\nq%201 0 a 0\nq2 0 c 1\n");
    const pmatch::Truth expected{{"q 1", {{"a", 0}, {"b", 2}}}, {"q2", {{"c", 1}}}};
    CHECK(pmatch::read_truth(csv) == expected);
    CHECK(pmatch::read_truth(qrels) == expected);
    CHECK(pmatch::read_truth(plain) == expected);
}

TEST_CASE("truth columns are found by name and the grade is 1 without a third") {
    const pmatch::test::TempDir dir("truth-columns");
    const auto file = write(dir / "m.csv", "idA,idB,grade\n1,2,5\n1,2,5\n");
    CHECK(pmatch::read_truth(file, {"idB", "idA"}) == pmatch::Truth{{"2", {{"1", 1}}}});
    CHECK(pmatch::read_truth(file, {"idB", "idA", "grade"}) == pmatch::Truth{{"2", {{"1", 5}}}});
    CHECK_THROWS_AS(pmatch::read_truth(file), pmatch::Error);
    CHECK_THROWS_AS(pmatch::read_truth(file, {"idA"}), pmatch::UsageError);
}

TEST_CASE("a bad line of a truth file is named") {
    const pmatch::test::TempDir dir("truth-bad");
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "a.csv", "query,item,grade\n1,2,x\n")),
                         "line 2: the grade 'x' is no number", pmatch::Error);
    CHECK_THROWS_WITH_AS(
        pmatch::read_truth(write(dir / "b.csv", "query,item,grade\n1,2,1\n1,2,2\n")),
        "line 3: the item '2' has grade 2 here and 1 before", pmatch::Error);
    CHECK_THROWS_AS(pmatch::read_truth(write(dir / "c.qrels", "1 0 2\n")), pmatch::Error);
    CHECK_THROWS_AS(pmatch::read_truth(write(dir / "d.csv", "query,item\n")), pmatch::Error);
}

TEST_CASE("ids survive the way through a TREC file") {
    for (const std::string id : {"plain", "two words", "100%", "%20", "tab\there", "\xE3\x80\x80x",
                                 "\xC2\xA0", "\xE7\x8C\xAB"}) {
        const std::string encoded = pmatch::encode_trec_id(id);
        CHECK(pmatch::split_blanks(encoded).size() == 1);
        CHECK(pmatch::decode_trec_id(encoded) == id);
    }
    CHECK(pmatch::decode_trec_id("a%2Fb") == "a%2Fb");  // not one of ours
}

TEST_CASE("a run is written with falling scores and read back in the same order") {
    const pmatch::test::TempDir dir("run");
    const pmatch::QueryAnswers answers{
        "q 1", {{"a", 0.5F}, {"b", 0.5F}, {"c d", 0.5F}, {"e", -1.0F}}, false};
    const auto run = pmatch::read_run(write(dir / "r.run", pmatch::trec_lines(answers)));
    REQUIRE(run.size() == 1);
    CHECK(run[0].query == "q 1");
    REQUIRE(run[0].answers.size() == 4);
    CHECK(run[0].answers[2].item == "c d");
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(run[0].answers[i].score < run[0].answers[i - 1].score);
    }
}

TEST_CASE("a run is ordered by score, then by item id, whatever its ranks say") {
    const pmatch::test::TempDir dir("run-order");
    const auto run = pmatch::read_run(
        write(dir / "r", "2 Q0 x 1 1 t\n1 Q0 b 1 0.5 t\n1 Q0 c 2 1e1 t\n1 Q0 a 3 0.5 t\n"));
    REQUIRE(run.size() == 2);
    CHECK(run[0].query == "2");
    CHECK(run[1].answers[0].item == "c");
    CHECK(run[1].answers[1].item == "a");
    CHECK_THROWS_AS(pmatch::read_run(write(dir / "two", "1 Q0 a 1 2 t\n1 Q0 a 2 1 t\n")),
                    pmatch::Error);
    CHECK_THROWS_AS(pmatch::read_run(write(dir / "nan", "1 Q0 a 1 nan t\n")), pmatch::Error);
}
