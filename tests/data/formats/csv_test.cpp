#include "data/formats/csv.hpp"
#include "core/text/utf8.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "data/formats/table_reader.hpp"

using pmatch::CsvParser;
using pmatch::CsvRow;
using pmatch::TableReader;

namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

}  // namespace

TEST_CASE("lines are counted through quoted newlines and every kind of line end") {
    std::istringstream input("a,\"x\r\ny\"\r\nb,2\rc,3\n\nd,4");
    CsvParser parser(input, ',');
    std::vector<std::size_t> lines;
    std::vector<std::string> seconds;
    for (CsvRow row; parser.next(row);) {
        lines.push_back(row.line);
        seconds.push_back(row.cells.at(1));
    }
    CHECK(lines == std::vector<std::size_t>{1, 3, 4, 6});
    CHECK(seconds == std::vector<std::string>{"x\r\ny", "2", "3", "4"});
}

TEST_CASE("text after a closing quote spoils its row and no other") {
    std::istringstream input("1,\"a\"b,c\n2,ok\n3,\"open\n4,x");
    CsvParser parser(input, ',');
    CsvRow row;
    REQUIRE(parser.next(row));
    CHECK(row.problem.code == "bad_quotes");
    REQUIRE(parser.next(row));
    CHECK(row.problem.code.empty());
    CHECK(row.cells == std::vector<std::string>{"2", "ok"});
    REQUIRE(parser.next(row));
    CHECK(row.problem.code == "bad_quotes");  // never closed: the rest of the file
    CHECK(row.line == 3);
    CHECK(row.problem.detail.ends_with("; lines 3 to 4 are lost with it"));
    CHECK_FALSE(parser.next(row));
}

TEST_CASE("a row that broken quotes make longer says which lines it took") {
    std::istringstream input("1,\"cut\r\n2,\"good\"\r\n3,ok\r\n4,\"to the end\n5,x\n");
    CsvParser parser(input, ',');
    CsvRow row;
    REQUIRE(parser.next(row));
    CHECK(row.problem.detail.ends_with("; lines 1 to 2 are lost with it"));
    REQUIRE(parser.next(row));
    CHECK(row.cells == std::vector<std::string>{"3", "ok"});
    REQUIRE(parser.next(row));
    CHECK(row.problem.detail.ends_with("; lines 4 to 5 are lost with it"));
}

TEST_CASE("a row larger than the limit is a problem and is not kept") {
    std::istringstream input("1," + std::string(pmatch::kMaxRowBytes, 'x') + "\n2,y\n");
    CsvParser parser(input, ',');
    CsvRow row;
    REQUIRE(parser.next(row));
    CHECK(row.problem.code == "row_too_large");
    REQUIRE(parser.next(row));
    CHECK(row.cells == std::vector<std::string>{"2", "y"});
}

TEST_CASE("a row says how many lines it takes, and where the quote began that took them") {
    std::istringstream input("1,\"a\nb\"\n2,\"c\nd\",\"e\n3,f\n");
    CsvParser parser(input, ',');
    CsvRow row;
    REQUIRE(parser.next(row));
    CHECK(row.lines == 2);
    CHECK_FALSE(row.at_end);
    REQUIRE(parser.next(row));
    CHECK(row.line == 3);
    CHECK(row.lines == 3);
    CHECK(row.at_end);
    CHECK(row.problem.detail ==
          "the quote of line 4 is still open at the end; lines 3 to 5 are lost with it");
}

TEST_CASE("literal quotes are ordinary characters, and a row is a line") {
    std::istringstream input("1\t\"Best\" mug\n2\t\"open\n");
    CsvParser parser(input, '\t');
    parser.take_quotes_literally();
    CsvRow row;
    REQUIRE(parser.next(row));
    CHECK(row.cells == std::vector<std::string>{"1", "\"Best\" mug"});
    REQUIRE(parser.next(row));
    CHECK(row.cells == std::vector<std::string>{"2", "\"open"});
}

TEST_CASE("only shortest forms of valid code points are UTF-8") {
    CHECK(pmatch::utf8::is_clean("a\xC3\x9F\xE7\x8C\xAB\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"));
    for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
                            "\xE7\x8C", "\xF0\x80\x80\x80", "\xFF"}) {
        CHECK_FALSE(pmatch::utf8::is_clean(bad));
    }
}

TEST_CASE("the CSV torture files give the rows that are expected of them") {
    const char* data = std::getenv("PMATCH_DATA");
    const fs::path strings = fs::path(data != nullptr ? data : "../shared/data") / "text/strings";
    if (!fs::exists(strings / "csvs")) {
        MESSAGE("skipped: no text/strings/csvs in $PMATCH_DATA");
        return;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(strings / "csvs")) {
        const std::string name = entry.path().stem().string();
        if (name == "location_coordinates") continue;  // not UTF-8
        CAPTURE(name);
        std::string text = slurp(entry.path());
        if (name.ends_with("_crlf") && text.find('\r') == std::string::npos) {
            for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
                text.insert(at, 1, '\r');
            }
        }
        std::istringstream input(text);
        TableReader table(input, ',', name);
        nlohmann::json found = nlohmann::json::array();
        for (CsvRow row; table.next(row);) {
            REQUIRE(row.problem.code.empty());
            nlohmann::json object;
            for (std::size_t i = 0; i < row.cells.size(); ++i) {
                object[table.columns()[i]] = row.cells[i];
            }
            found.push_back(object);
        }
        CHECK(found == nlohmann::json::parse(slurp(strings / "json" / (name + ".json"))));
    }
}
