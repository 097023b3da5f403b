#include "data/catalog/catalog.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

using pmatch::CatalogOptions;
using pmatch::CatalogReader;
using pmatch::CatalogRecord;
using Strings = std::vector<std::string>;

namespace {

namespace fs = std::filesystem;

fs::path write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

std::vector<CatalogRecord> all(CatalogReader& reader) {
    std::vector<CatalogRecord> records;
    for (CatalogRecord record; reader.next(record);)
        records.push_back(record);
    return records;
}

}  // namespace

TEST_CASE("a CSV catalog has id, pictures and the other columns as text by default") {
    const pmatch::test::TempDir dir("catalog-csv");
    const auto file = write(dir / "c.csv",
                            "title,id,image,price\nBoot,7,a.jpg||b c.png,9.50\n"
                            ",8,,\nHat,,h.jpg,1\n");
    const auto reader = pmatch::open_catalog(file, {});
    CHECK(reader->fields() == Strings{"title", "image", "price"});
    CHECK(reader->mapping() == pmatch::FieldMapping{"id", {"title", "price"}, {"image"}});
    CHECK(reader->picture_root() == dir.path());
    const auto records = all(*reader);
    REQUIRE(records.size() == 3);
    CHECK(records[0].id == "7");
    CHECK(records[0].text == "Boot 9.50");
    CHECK(records[0].pictures == Strings{"a.jpg", "b c.png"});
    CHECK(records[0].cells == Strings{"Boot", "a.jpg||b c.png", "9.50"});
    CHECK(records[1].text.empty());
    CHECK(records[1].pictures.empty());
    CHECK(records[1].problem.code.empty());
    CHECK(records[2].problem.code == "empty_id");
    CHECK(records[2].line == 4);
}

TEST_CASE("texts that are HTML are read without markup, cells stay as they are written") {
    const pmatch::test::TempDir dir("catalog-html");
    const auto file = write(dir / "c.csv",
                            "id,title,description\n1,Oak stool,<p>45&nbsp;cm</p>\n"
                            "2,a < b and c > d,Salt &amp; pepper\n3,Mug,<br>\n");
    const auto texts = [&](pmatch::Html html) {
        CatalogOptions options;
        options.html = html;
        Strings found;
        for (const auto& record : all(*pmatch::open_catalog(file, options)))
            found.push_back(record.text);
        return found;
    };
    CHECK(texts(pmatch::Html::kAuto) ==
          Strings{"Oak stool 45\u00A0cm", "a < b and c > d Salt & pepper", "Mug"});
    CHECK(texts(pmatch::Html::kKeep) ==
          Strings{"Oak stool <p>45&nbsp;cm</p>", "a < b and c > d Salt &amp; pepper", "Mug <br>"});
    CHECK(all(*pmatch::open_catalog(file, {}))[0].cells ==
          Strings{"Oak stool", "<p>45&nbsp;cm</p>"});
}

TEST_CASE("a text without a letter or number is none, and parts of another stay as they are") {
    const pmatch::test::TempDir dir("catalog-blank");
    const auto file =
        write(dir / "c.csv", "id,title,colour\n1, ,--\n2,\u200B,\n3,--,red\n4,,\n5,&nbsp;,\n");
    const auto records = all(*pmatch::open_catalog(file, {}));
    REQUIRE(records.size() == 5);
    for (const std::size_t blank : {0U, 1U, 4U}) {
        CHECK(records[blank].text.empty());
        CHECK(records[blank].blank_text);
    }
    CHECK(records[2].text == "-- red");
    CHECK_FALSE(records[2].blank_text);
    CHECK_FALSE(records[3].blank_text);
    CatalogOptions stored;
    stored.html = pmatch::Html::kAsStored;
    CHECK(all(*pmatch::open_catalog(file, stored))[0].text == "  --");
}

TEST_CASE("a cell of its own is read like a text") {
    CHECK(pmatch::text_of_cell("<b>Mug</b>", pmatch::Html::kAuto) == "Mug");
    CHECK(pmatch::text_of_cell("<b>Mug</b>", pmatch::Html::kKeep) == "<b>Mug</b>");
    CHECK(pmatch::text_of_cell(" - ", pmatch::Html::kKeep).empty());
    CHECK(pmatch::text_of_cell(" - ", pmatch::Html::kAsStored) == " - ");
}

TEST_CASE("named columns are taken in the order of their naming") {
    const pmatch::test::TempDir dir("catalog-columns");
    const auto file = write(dir / "c.tsv", "sku\ta\tb\tfront\tback\n1\tx\ty\tf.jpg\tb.jpg\n");
    const auto reader = pmatch::open_catalog(file, {"sku", {"b", "a"}, {"back", "front"}, false});
    const auto records = all(*reader);
    REQUIRE(records.size() == 1);
    CHECK(records[0].text == "y x");
    CHECK(records[0].pictures == Strings{"b.jpg", "f.jpg"});
}

TEST_CASE("a column that is not there is an error that lists those that are") {
    const pmatch::test::TempDir dir("catalog-missing");
    const auto file = write(dir / "c.csv", "sku,title\n1,x\n");
    CHECK_THROWS_WITH_AS(pmatch::open_catalog(file, {}),
                         "there is no column 'id'; the columns are 'sku', 'title'", pmatch::Error);
    CatalogOptions query{"sku", {"title", "brand"}, {"image"}, false};
    CHECK_THROWS_AS(pmatch::open_catalog(file, query), pmatch::Error);
    query.text_may_be_absent = true;
    query.images_may_be_absent = true;
    CHECK(pmatch::open_catalog(file, query)->mapping().text == Strings{"title"});
    query.text = {"brand"};
    CHECK_THROWS_AS(pmatch::open_catalog(file, query), pmatch::Error);
}

TEST_CASE("JSONL keeps numbers as written and unites the keys of all lines") {
    const pmatch::test::TempDir dir("catalog-jsonl");
    const auto file = write(
        dir / "c.jsonl",
        "{\"id\": 1, \"price\": 58.40, \"ok\": true}\n\n[1]\n{\"id\":\"2\", \"image\": [\"a.jpg\", "
        "\"b|c.jpg\"], \"x\": {\"k\": [1.50, \"q\\\"\", null, {}]}, \"n\": null}\n{\"id\": 3\n"
        "{\"id\":4,\"id\":5}\n{\"id\":\"\xFF\"}\n{\"id\":\"6\\u0000\"}\n" +
            std::string(100000, '[') + "\n");
    const auto reader = pmatch::open_catalog(file, {});
    CHECK(reader->fields() == Strings{"price", "ok", "image", "x", "n"});
    const auto records = all(*reader);
    REQUIRE(records.size() == 8);
    CHECK(records[0].text == "58.40 true");
    CHECK(records[1].problem.code == "bad_json");
    CHECK(records[1].line == 3);
    CHECK(records[2].pictures == Strings{"a.jpg", "b", "c.jpg"});
    CHECK(records[2].text == "{\"k\":[1.50,\"q\\\"\",null,{}]}");
    Strings codes;
    for (std::size_t i = 3; i < 8; ++i)
        codes.push_back(records[i].problem.code);
    CHECK(codes == Strings{"bad_json", "bad_json", "invalid_utf8", "invalid_utf8", "bad_json"});
}

TEST_CASE("a stream is CSV, or JSONL when it starts with a brace") {
    std::istringstream csv("id,text\n1,hello\n");
    const auto table = pmatch::open_catalog_stream(csv, {});
    CHECK(all(*table).at(0).text == "hello");
    std::istringstream jsonl("\n {\"id\": 1, \"text\": \"hello\"}\n{\"id\": 2, \"other\": 3}\n");
    const auto lines = pmatch::open_catalog_stream(jsonl, {});
    const auto records = all(*lines);
    REQUIRE(records.size() == 2);
    CHECK(records[0].text == "hello");
    CHECK(records[1].text.empty());
}

TEST_CASE("a record of a stream is there before the next line is written") {
    std::stringstream stream("id,t\n1,a\n2");
    const auto reader = pmatch::open_catalog_stream(stream, {});
    CatalogRecord record;
    REQUIRE(reader->next(record));
    CHECK(record.id == "1");
    CHECK(stream.rdbuf()->in_avail() == 1);  // nothing of the second row was taken
}

TEST_CASE("a directory of pictures has the file names as ids and .txt files as text") {
    const pmatch::test::TempDir dir("catalog-directory");
    const pmatch::test::TempDir outside("catalog-outside");
    write(outside / "secret.jpg", "x");
    write(dir / "shoes/b.JPG", "x");
    write(dir / "shoes/b.png", "x");
    write(dir / "shoes/b.txt", "Blue boot\r\n");
    write(dir / "a.webp", "x");
    write(dir / "notes.txt", "no picture of this name");
    write(dir / "bad.bmp", "x");
    write(dir / "bad.txt", "\xFF");
    fs::create_symlink(outside / "secret.jpg", dir / "link.jpg");
    fs::create_directory_symlink(outside.path(), dir / "linked");
    const auto reader = pmatch::open_catalog(dir.path(), {});
    CHECK(reader->fields() == Strings{"text"});
    CHECK(reader->picture_root() == dir.path());
    const auto records = all(*reader);
    REQUIRE(records.size() == 4);
    CHECK(records[0].id == "a");
    CHECK(records[0].text.empty());
    CHECK(records[1].id == "bad");
    CHECK(records[1].problem.code == "invalid_utf8");
    CHECK(records[2].id == "link");
    CHECK(records[2].problem.code == "outside_image_root");
    CHECK(records[3].id == "shoes/b");
    CHECK(records[3].pictures == Strings{"shoes/b.JPG", "shoes/b.png"});
    CHECK(records[3].text == "Blue boot");
}

TEST_CASE("extensions may be written in capital letters") {
    const pmatch::test::TempDir dir("catalog-capitals");
    for (const char* name : {"A.CSV", "B.Tsv", "C.JSONL"}) {
        const auto kind = std::string(name).substr(1);
        const auto text = kind == ".CSV"   ? "id,t\n1,x\n"
                          : kind == ".Tsv" ? "id\tt\n1\tx\n"
                                           : "{\"id\": 1, \"t\": \"x\"}\n";
        const auto reader = pmatch::open_catalog(write(dir / name, text), {});
        CHECK(all(*reader).at(0).text == "x");
    }
}

TEST_CASE("a table may have any separator, encoding and meaning of quotes") {
    const pmatch::test::TempDir dir("catalog-formats");
    const auto file = write(dir / "list.txt",
                            "id;t\n1;\"gr\xF6\xDF"
                            "er\n");
    CHECK_THROWS_AS(pmatch::open_catalog(file, {}), pmatch::Error);
    CatalogOptions options;
    options.format = {";", "ISO-8859-1", "literal"};
    const auto reader = pmatch::open_catalog(file, options);
    CHECK(all(*reader).at(0).text == "\"größer");
    CHECK(pmatch::is_table(file, options.format));
    for (const char* good : {";", "|", "tab", "\\t", " "})
        CHECK(pmatch::problem_of_delimiter(good).empty());
    for (const char* bad : {"", "\"", "\n", ";;", "ä"})
        CHECK_FALSE(pmatch::problem_of_delimiter(bad).empty());
}

TEST_CASE("a file with another separator is told the flag that reads it") {
    const pmatch::test::TempDir dir("catalog-separator");
    const auto file = write(dir / "c.csv", "id;title;price\n1;x;2\n");
    try {
        (void)pmatch::open_catalog(file, {});
        FAIL("it was read");
    } catch (const pmatch::Error& error) {
        CHECK(error.remedy().advice.find("--delimiter ';'") != std::string::npos);
    }
}

TEST_CASE(
    "columns are found without regard to case and blanks, and a picture column is hinted at") {
    const pmatch::test::TempDir dir("catalog-case");
    const auto file = write(dir / "c.csv", " ID,Title ,Image\n1,x,a.jpg\n");
    const auto reader = pmatch::open_catalog(file, {{}, {"title", "Image"}, {}, false});
    CHECK(reader->mapping() == pmatch::FieldMapping{"ID", {"Title", "Image"}, {}});
    REQUIRE(reader->remarks().size() == 1);
    CHECK(reader->remarks()[0].find("--image Image") != std::string::npos);
}

TEST_CASE("a record says how many lines are lost with it, and whether the file breaks off there") {
    const pmatch::test::TempDir dir("catalog-losses");
    const auto file =
        write(dir / "c.csv", "id,t\n,\nid,t\n1,\"a\nb\"\n2,x,y\n3,\"open\n4,lost\n5,lost");
    const auto reader = pmatch::open_catalog(file, {});
    const auto records = all(*reader);
    REQUIRE(records.size() == 5);
    CHECK(records[0].no_product);
    CHECK(records[1].no_product);
    CHECK(records[2].lines == 1);
    CHECK(records[3].lines == 1);
    CHECK_FALSE(records[3].breaks_off);
    CHECK(records[4].lines == 3);
    CHECK(records[4].breaks_off);
    const auto jsonl = write(dir / "c.jsonl", "{\"id\": 1}\n{\"id\": 2, \"ti");
    CHECK(all(*pmatch::open_catalog(jsonl, {})).at(1).breaks_off);
}

TEST_CASE("a directory's pictures are known by content, too, and what is left out is told") {
    const pmatch::test::TempDir dir("catalog-content");
    const std::string jpeg("\xFF\xD8\xFF\xE0", 4);
    write(dir / "named.jfif", jpeg);
    write(dir / "bare", jpeg);
    write(dir / "big.jpg_large", jpeg);
    write(dir / "P1 plan", "P1 is the first parking deck");
    write(dir / "BMWs", "BM 1, BM 2");
    write(dir / "note.txt", "no item");
    write(dir / "bare.txt", "an item's text");
    write(dir / "Thumbs.db", std::string(64, '\1'));
    write(dir / "._named.jfif", jpeg);
    write(dir / "__MACOSX/._bare", jpeg);
    write(dir / "__MACOSX/inner.jpg", jpeg);
    const auto reader = pmatch::open_catalog(dir.path(), {});
    Strings ids;
    for (const auto& record : all(*reader))
        ids.push_back(record.id);
    CHECK(ids == Strings{"bare", "big.jpg_large", "named"});
    CHECK(reader->remarks() ==
          Strings{"left out: 4 files that are no pictures (without extension 2, .db 1, .txt 1)",
                  "left out: 1 companions of macOS (._*)"});
}

TEST_CASE("a missing file and an unknown kind of file are errors") {
    const pmatch::test::TempDir dir("catalog-kinds");
    CHECK_THROWS_AS(pmatch::open_catalog(dir / "none.csv", {}), pmatch::Error);
    CHECK_THROWS_AS(pmatch::open_catalog(write(dir / "c.xlsx", "PK"), {}), pmatch::Error);
}
