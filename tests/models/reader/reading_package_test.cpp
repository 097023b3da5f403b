#include "models/reader/reading_package.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using nlohmann::json;
using namespace pmatch;

json good_manifest() {
    const json record{{"sha256", std::string(64, 'a')}, {"size", 1}};
    return {{"schema", "pmatch.model"},
            {"version", 1},
            {"name", "small"},
            {"task", "text-reading"},
            {"family", "ppocr"},
            {"files", {{"d.pt", record}, {"t.pt", record}, {"r.pt", record}, {"c.json", record}}},
            {"reading",
             {{"detector", "d.pt"},
              {"direction", "t.pt"},
              {"recogniser", "r.pt"},
              {"characters", "c.json"},
              {"mean", 0.5},
              {"std", 0.25},
              {"search", {{"shortest", 30}, {"longest", 2000}, {"widest", 8}}},
              {"detect",
               {{"side", 736},
                {"multiple", 32},
                {"text", 0.3},
                {"sure", 0.5},
                {"grow", 1.6},
                {"most", 1000}}},
              {"turn", {{"height", 48}, {"width", 192}, {"sure", 0.9}}},
              {"lines", {{"height", 48}, {"width", 320}, {"together", 6}, {"sure", 0.5}}}}}};
}

ReadingPackage read(const json& manifest) {
    const test::TempDir directory("reading-package");
    std::ofstream(directory / "model.json", std::ios::binary) << manifest.dump();
    return read_reading_package(directory.path());
}

std::string complaint(const std::function<void(json&)>& damage) {
    auto manifest = good_manifest();
    damage(manifest);
    try {
        read(manifest);
    } catch (const Error& error) {
        CHECK_FALSE(error.file().empty());
        CHECK_FALSE(error.remedy().empty());
        return error.what();
    }
    return "no complaint";
}

json& part(json& manifest, const char* name) {
    return manifest["reading"][name];
}

TEST_CASE("a package that reads words is read as it is written") {
    const auto package = read(good_manifest());
    CHECK(package.package.writes_texts());
    CHECK(package.recogniser == "r.pt");
    CHECK(package.std == 0.25);
    CHECK(package.search.longest == 2000);
    CHECK(package.detect.side == 736);
    CHECK(package.detect.boxes.grow == 1.6);
    CHECK(package.turn.sure == 0.9);
    CHECK(package.lines.together == 6);
}

TEST_CASE("all that decides a text is part of what decides") {
    const auto as_written = read(good_manifest()).decisive;
    for (const auto* file : {"d.pt", "t.pt", "r.pt", "c.json"}) {
        auto other = good_manifest();
        other["files"][file]["sha256"] = std::string(64, 'b');
        CHECK(read(other).decisive != as_written);
    }
    auto other = good_manifest();
    part(other, "detect")["grow"] = 1.7;
    CHECK(read(other).decisive != as_written);
    other = good_manifest();
    other["name"] = "renamed";
    CHECK(read(other).decisive == as_written);
}

TEST_CASE("reading_fields_missing") {
    for (const auto* key : {"detector", "direction", "recogniser", "characters", "mean", "std",
                            "search", "detect", "turn", "lines"}) {
        CHECK(complaint([&](json& m) { m["reading"].erase(key); }) ==
              "'reading." + std::string(key) + "' is missing");
    }
    CHECK(complaint([](json& m) { m.erase("reading"); }) == "'reading' is missing");
}

TEST_CASE("reading_numbers_out_of_range") {
    CHECK(complaint([](json& m) { part(m, "detect")["side"] = 0; }) ==
          "'reading.detect.side' is 0, expected a whole number from 1 to 4096");
    CHECK(complaint([](json& m) { part(m, "search")["longest"] = 29; }) ==
          "'reading.search.longest' is 29, expected a whole number from 30 to 4096");
    CHECK(complaint([](json& m) { part(m, "lines")["sure"] = 1.5; }) ==
          "'reading.lines.sure' is 1.5, expected a number from 0 to 1");
    CHECK(complaint([](json& m) { m["reading"]["std"] = 0; }).starts_with("'reading.std' is 0"));
}

TEST_CASE("reading_file_not_listed") {
    CHECK(complaint([](json& m) { m["reading"]["recogniser"] = "other.pt"; }) ==
          "'reading.recogniser' is \"other.pt\", expected a name listed in 'files'");
}

TEST_CASE("a package for something else is refused by name") {
    CHECK(complaint([](json& m) { m["task"] = "image-captioning"; }) ==
          "'small' is a package for image-captioning, not for reading words");
}

}  // namespace
