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

TEST_CASE("a truth table may have the separator of a spreadsheet, whatever it is called") {
    const pmatch::test::TempDir dir("truth-separators");
    const pmatch::Truth expected{{"1,5", {{"2", 1}}}};
    CHECK(pmatch::read_truth(write(dir / "a.csv", "query;item\n1,5;2\n")) == expected);
    CHECK(pmatch::read_truth(write(dir / "b.csv", "query\titem\n1,5\t2\n")) == expected);
    CHECK(pmatch::read_truth(write(dir / "c.tsv", "query|item\n1,5|2\n")) == expected);
    CHECK(pmatch::read_truth(write(dir / "d.tsv", "query,item\n\"1,5\",2\n")) == expected);
    CHECK(pmatch::read_truth(write(dir / "e.csv", "theirs;ours\n1,5;2\n"), {"theirs", "ours"}) ==
          expected);
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "f.csv", "query:item\n1:2\n")),
                         doctest::Contains("no column 'query'"), pmatch::Error);
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
    const auto stored = pmatch::read_run(write(dir / "r.run", pmatch::trec_lines(answers)));
    CHECK(stored.tied == 0);
    const auto& run = stored.queries;
    REQUIRE(run.size() == 1);
    CHECK(run[0].query == "q 1");
    REQUIRE(run[0].answers.size() == 4);
    CHECK(run[0].answers[2].item == "c d");
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(run[0].answers[i].score < run[0].answers[i - 1].score);
    }
}

TEST_CASE("a run is ordered as trec_eval orders it, whatever its ranks and lines say") {
    const pmatch::test::TempDir dir("run-order");
    const auto items = [&](const std::string& lines) {
        const auto run = pmatch::read_run(write(dir / "r", lines));
        std::string all;
        for (const auto& answer : run.queries.at(0).answers)
            all += answer.item + " ";
        return all + std::to_string(run.tied);
    };
    CHECK(items("1 Q0 b 1 0.5 t\n1 Q0 c 2 1e1 t\n1 Q0 a 3 0.5 t\n") == "c b a 1");
    CHECK(items("1 Q0 a 1 0.5 t\n1 Q0 b 2 0.5 t\n1 Q0 c 3 1e1 t\n") == "c b a 1");
    // Different as doubles, equal as trec_eval's floats.
    CHECK(items("1 Q0 b 1 16777216.0 t\n1 Q0 a 2 16777217.0 t\n") == "b a 1");
    CHECK(items("1 Q0 b 1 0.1 t\n1 Q0 a 2 0.11 t\n") == "a b 0");
    CHECK(items("1 Q0 a%20b 1 1 t\n1 Q0 a!b 2 1 t\n") == "a b a!b 1");  // '%' is above '!'
    const auto two = pmatch::read_run(write(dir / "q", "2 Q0 x 1 1 t\n1 Q0 b 1 0.5 t\n"));
    CHECK(two.queries.at(0).query == "2");
    CHECK_THROWS_AS(pmatch::read_run(write(dir / "two", "1 Q0 a 1 2 t\n1 Q0 a 2 1 t\n")),
                    pmatch::Error);
    CHECK_THROWS_AS(pmatch::read_run(write(dir / "nan", "1 Q0 a 1 nan t\n")), pmatch::Error);
}

TEST_CASE("ids with percent signs are those of the truth, encoded there or not") {
    const pmatch::test::TempDir dir("run-percent");
    const auto file = write(dir / "r", "q%201 Q0 a%20b 1 2 t\nq%201 Q0 c%2525 2 1 t\n");
    const auto read = [&](const pmatch::Truth& truth) {
        const auto run = pmatch::read_run(file, truth).queries.at(0);
        return run.query + "|" + run.answers.at(0).item + "|" + run.answers.at(1).item;
    };
    CHECK(read({}) == "q 1|a b|c%25");
    CHECK(read({{"q 1", {{"a b", 1}}}}) == "q 1|a b|c%25");
    CHECK(read({{"q%201", {{"a%20b", 1}, {"c%25", 1}}}}) == "q%201|a%20b|c%25");
    CHECK(read({{"q 1", {{"a%20b", 1}, {"c%2525", 1}}}}) == "q 1|a%20b|c%2525");
}

TEST_CASE("qrels are recognised by their first line, whatever the file is called") {
    const pmatch::test::TempDir dir("qrels-names");
    const pmatch::Truth expected{{"q1", {{"a", 1}, {"b", 0}}}};
    for (const char* name : {"t.csv", "t.txt", "t.tsv", "t.qrels"})
        CHECK(pmatch::read_truth(write(dir / name, "\xEF\xBB\xBFq1 0 a 1\nq1 0 b 0\n")) ==
              expected);
    CHECK(pmatch::read_truth(write(dir / "tabs.tsv", "q1\t0\ta\t1\nq1\tQ0\tb\t0\n")) == expected);
}

TEST_CASE("a truth without a header is told with the line to write") {
    const pmatch::test::TempDir dir("headerless");
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "a.csv", "q1,a,1\nq1,b,0\n")),
                         "the file has no header: its first line is 'q1', 'a', '1'", pmatch::Error);
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "a.tsv", "q1\ta\t0.5\n"), {"q", "i"}),
                         "the file has no header: its first line is 'q1', 'a', '0.5'",
                         pmatch::Error);
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "b.csv", "q1,a\nq1,b\n")),
                         "there is no column 'query'; the columns are 'q1', 'a'", pmatch::Error);
    CHECK_THROWS_WITH_AS(pmatch::read_truth(write(dir / "h.qrels", "topic 0 doc rel\nq1 0 a 1\n")),
                         "line 1: the grade 'rel' is no number", pmatch::Error);
}
