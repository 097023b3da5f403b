#include "data/formats/table_reader.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "core/common/error.hpp"

using pmatch::CsvRow;
using pmatch::TableReader;
using Strings = std::vector<std::string>;

namespace {

/// The columns of a table, the cells of its rows and the codes of those with a problem.
struct Read {
    Strings columns;
    std::vector<Strings> rows;
    Strings codes;
    Strings details;
    Strings remarks;

    explicit Read(const std::string& text, char separator = ',') {
        std::istringstream input(text);
        TableReader table(input, separator, "t.csv");
        columns = table.columns();
        for (CsvRow row; table.next(row);) {
            if (row.problem.code.empty()) {
                rows.push_back(row.cells);
            } else {
                codes.push_back(row.problem.code);
                details.push_back(row.problem.detail);
            }
        }
        remarks = table.remarks();
    }
};

std::string error_of(const std::string& text) {
    try {
        const Read read(text);
    } catch (const pmatch::Error& error) {
        return std::string(error.what()) + " | " + error.remedy().advice;
    }
    return "none";
}

/// ASCII as UTF-16.
std::string utf16(const std::string& text, bool is_little) {
    std::string wide;
    for (const char c : text)
        wide += is_little ? std::string{c, '\0'} : std::string{'\0', c};
    return wide;
}

}  // namespace

TEST_CASE("a table names what is wrong with a row") {
    std::istringstream input("\xEF\xBB\xBFid,t\n1\n2,a,b\n3,\xC0\xAF\n4,ok\n5,a" +
                             std::string(1, '\0') + "b\n");
    TableReader table(input, ',', "t.csv");
    CHECK(table.columns() == std::vector<std::string>{"id", "t"});
    std::vector<std::string> codes;
    for (CsvRow row; table.next(row);)
        codes.push_back(row.problem.code);
    CHECK(codes == std::vector<std::string>{"too_few_cells", "too_many_cells", "invalid_utf8", "",
                                            "invalid_utf8"});
}

TEST_CASE("no header, an open quote in it and another encoding are errors") {
    for (const std::string text : {"", "\xFF\xFEi", "id,\"x\n",
                                   "id,gr\xF6\xDF"
                                   "e\n"}) {
        std::istringstream input(text);
        CHECK_THROWS_AS(TableReader(input, ',', "t.csv"), pmatch::Error);
    }
}

TEST_CASE("UTF-16 is named, with a mark and without, and how to convert it") {
    const std::string text = "id,title\r\n1,Mug\r\n";
    for (const bool is_little : {true, false}) {
        const auto mark = is_little ? "\xFF\xFE" : "\xFE\xFF";
        CHECK(error_of(mark + utf16(text, is_little)).find("iconv -f UTF-16 -t UTF-8 t.csv") !=
              std::string::npos);
        const auto encoding = is_little ? "iconv -f UTF-16LE" : "iconv -f UTF-16BE";
        CHECK(error_of(utf16(text, is_little)).find(encoding) != std::string::npos);
    }
    CHECK(error_of(std::string("\xFF\xFE\0\0i\0\0\0", 8)).find("UTF-32") != std::string::npos);
    CHECK(error_of(std::string(100, '\0')).find("it is no text") != std::string::npos);
}

TEST_CASE("a mark of UTF-8 may come twice, and a header may begin with a wide letter") {
    CHECK(Read("\xEF\xBB\xBF\xEF\xBB\xBF"
               "id,t\n")
              .columns == Strings{"id", "t"});
    CHECK(Read("\xEF\xBC\xA9\xEF\xBC\xA4,t\n").columns == Strings{"\xEF\xBC\xA9\xEF\xBC\xA4", "t"});
}

TEST_CASE("columns without a name get their number, repeated ones a name of their own") {
    const Read read("id,,image,image,image_2,\n1,a,b,c,d,e\n2,f,g,h,i\n");
    CHECK(read.columns == Strings{"id", "column_2", "image", "image_3", "image_2", "column_6"});
    CHECK(read.rows ==
          std::vector<Strings>{{"1", "a", "b", "c", "d", "e"}, {"2", "f", "g", "h", "i", ""}});
    CHECK(read.remarks ==
          Strings{"columns 3 and 4 are both called 'image': the second is read as 'image_3'",
                  "columns without a name are read as 'column_2', 'column_6'"});
}

TEST_CASE("blanks around the names of columns are no part of them") {
    CHECK(Read(" id ,\ttitle\n1, Mug\n").columns == Strings{"id", "title"});
    CHECK(Read(" id ,title\n1, Mug\n").rows == std::vector<Strings>{{"1", " Mug"}});
}

TEST_CASE("a table that is separated by commas and blanks has quotes behind the blanks") {
    const Read read("id, \"title\", price\n1, \"Mug, red\", 9.90\n2, Cup, 3\n");
    CHECK(read.columns == Strings{"id", "title", "price"});
    CHECK(read.rows == std::vector<Strings>{{"1", "Mug, red", "9.90"}, {"2", "Cup", "3"}});
}

TEST_CASE("a column is found by its name, or by the only one that differs in case") {
    const Strings columns{"ID", "Title", "title", "Price"};
    CHECK(pmatch::find_column(columns, "id") == 0);
    CHECK(pmatch::find_column(columns, "title") == 2);
    CHECK(pmatch::find_column(columns, " price ") == 3);
    CHECK_FALSE(pmatch::find_column(columns, "TITLE"));
}

TEST_CASE("a header that looks separated otherwise has a hint") {
    CHECK(pmatch::separator_hint({"id;title;price"}).find("--delimiter ';'") != std::string::npos);
    CHECK(pmatch::separator_hint({"id\ttitle"}).find("--delimiter tab") != std::string::npos);
    CHECK(pmatch::separator_hint({"id;a", "b;c"}).find("--delimiter ';'") != std::string::npos);
    CHECK(pmatch::separator_hint({"sku", "title; long"}).empty());
}

TEST_CASE("an empty cell too many at the end is none if the first row has it, too") {
    const Read read("id,t\n1,a,\n2,b,\n3,c\n4,d,e\n5,f,,\n");
    CHECK(read.rows == std::vector<Strings>{{"1", "a"}, {"2", "b"}, {"3", "c"}});
    CHECK(read.codes == Strings{"too_many_cells", "too_many_cells"});
    // A single one is more likely a comma that wanted quotes, before an empty last cell.
    CHECK(Read("id,t,p\n1,a,2\n2,b, c,\n").codes == Strings{"too_many_cells"});
    CHECK(Read("id,t\n1,a, b,\n2,c,\n3,d,\n").rows == std::vector<Strings>{{"2", "c"}, {"3", "d"}});
}

TEST_CASE("a row of separators alone holds no product, however many there are") {
    CHECK(Read("id,t\n,\n,,,,\n\"\",\n1,a\n").codes == Strings{"empty_id", "empty_id", "empty_id"});
}

TEST_CASE("the header again is no row, and in another order it orders the rows below it") {
    const Read read("id,t,p\n1,a,2\nid,t,p\n2,b,3\nt,id,p\nc,3,4\nid,t,p\n4,d,5\n");
    CHECK(read.rows ==
          std::vector<Strings>{{"1", "a", "2"}, {"2", "b", "3"}, {"3", "c", "4"}, {"4", "d", "5"}});
    CHECK(read.codes == Strings(3, pmatch::kRepeatedHeader));
    CHECK(read.remarks == Strings{"line 3 and 2 more are the header again, no products"});
    CHECK(Read(",id,id\n0,1,a\n,id,id\n1,2,b\n").rows.size() == 2);
    CHECK(Read("id,t\n1,a,\nid,t,\n2,b,\n").rows.size() == 2);
}

TEST_CASE("rows below a header of other columns are refused until this one comes again") {
    const Read read(
        "id,t,p,c\n1,a,2,x\nid,t,brand,c\n2,b,Nord,x\nid,t,s,p,c\n3,c,d,4,x\n4,e,5,x\n"
        "id,t,p,c\n5,f,6,x\n");
    CHECK(read.rows == std::vector<Strings>{{"1", "a", "2", "x"}, {"5", "f", "6", "x"}});
    CHECK(read.codes == Strings{"other_header", "other_header", "too_many_cells", "too_many_cells",
                                "other_header", pmatch::kRepeatedHeader});
    CHECK(read.details[4] == "it stands below line 5, a header of other columns");
}

TEST_CASE("a cell that holds a word of the header is an ordinary one") {
    const Read read("id,title,price\n1,price,2\ntitle,id card holder,3\n");
    CHECK(read.rows.size() == 2);
}

TEST_CASE("a quoted cell that has swallowed rows is told from a long text") {
    std::string rows;
    std::string text;
    for (int i = 2; i < 40; ++i) {
        rows += std::to_string(i) + ",lamp\n";
        text += "A line, with a comma, or more,\n" + std::string(i % 3 == 0 ? "or none\n" : "");
    }
    const Read swallowed("id,t\n1,\"12 inch lamp\n" + rows + "40,\"\n41,last\n");
    CHECK(swallowed.rows == std::vector<Strings>{{"41", "last"}});
    REQUIRE(swallowed.codes == Strings{"bad_quotes"});
    CHECK(swallowed.details[0].ends_with("lines 2 to 41 are lost with it"));
    CHECK(Read("id,t\n1,\"" + text + "\"\n").rows.size() == 1);
}
