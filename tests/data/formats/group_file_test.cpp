#include "data/formats/group_file.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

std::map<std::int64_t, std::vector<std::string>> read(const char* text) {
    const TempDir dir("group-file");
    const auto file = dir.path() / "groups.csv";
    std::ofstream(file) << text;
    return read_groups(file);
}

}  // namespace

TEST_CASE("groups are read by their numbers, whatever other columns there are") {
    const auto groups =
        read("group,item,medoid,score\n3,a,a,\n3,\"b,c\",a,0.9\n12,d,d,\n12,e,d,1\n");
    REQUIRE(groups.size() == 2);
    CHECK(groups.at(3) == std::vector<std::string>{"a", "b,c"});
    CHECK(groups.at(12) == std::vector<std::string>{"d", "e"});
    CHECK(read("group,item\n").empty());
}

TEST_CASE("a file that is none of groups is named with its line") {
    CHECK_THROWS_WITH_AS(read("query,item\na,b\n"),
                         "there is no column 'group'; the columns are 'query', 'item'", Error);
    CHECK_THROWS_WITH_AS(read("group,item\nA1,b\n"), "line 2: the group 'A1' is no number from 1",
                         Error);
    CHECK_THROWS_WITH_AS(read("group,item\n0,b\n"), "line 2: the group '0' is no number from 1",
                         Error);
    CHECK_THROWS_WITH_AS(read("group,item\n1,b\n2,b\n"), "line 3: the item 'b' comes twice", Error);
}
