#include "models/package/package.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "models/encoder/load_encoder.hpp"
#include "models/package/sha256.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using nlohmann::json;
using pmatch::test::TempDir;

constexpr const char* kModule = "not really a module";

json good_manifest() {
    return {{"schema", "pmatch.model"},
            {"version", 1},
            {"name", "small"},
            {"task", "image-embedding"},
            {"family", "test"},
            {"files", {{"image.pt", {{"sha256", pmatch::sha256(kModule)}, {"size", 19}}}}},
            {"embedding", {{"dim", 4}, {"normalized", true}, {"pooling", "mean"}}},
            {"image",
             {{"module", "image.pt"},
              {"preprocess",
               {{"resize",
                 {{"mode", "shortest"}, {"size", 8}, {"filter", "bicubic"}, {"antialias", true}}},
                {"crop", {{"height", 6}, {"width", 6}}},
                {"rescale", 1.0},
                {"mean", {127.0, 127.0, 127.0}},
                {"std", {128.0, 128.0, 128.0}}}}}},
            {"golden", json::array()}};
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// The message that reading the package gives after `damage` was done to a good one.
std::string complaint(const std::function<void(json&)>& damage) {
    const TempDir directory("package-damage");
    auto manifest = good_manifest();
    damage(manifest);
    write(directory / "model.json", manifest.dump());
    write(directory / "image.pt", kModule);
    try {
        const auto package = pmatch::read_package(directory.path());
        package.verified_file(package.image->module);
    } catch (const pmatch::Error& e) {
        CHECK_FALSE(e.file().empty());
        CHECK_FALSE(e.remedy().empty());
        return e.what();
    }
    return "no complaint";
}

json& preprocess(json& manifest) {
    return manifest["image"]["preprocess"];
}

}  // namespace

TEST_CASE("a good package is read as it is written") {
    CHECK(complaint([](json&) {}) == "no complaint");
    const TempDir directory("package-good");
    write(directory / "model.json", good_manifest().dump());
    const auto package = pmatch::read_package(directory.path());
    CHECK(package.name == "small");
    CHECK(package.dim == 4);
    CHECK_FALSE(package.text);
    CHECK(package.image->preprocess.shortest == 8);
    CHECK(package.image->preprocess.filter == pmatch::Filter::kBicubic);
    CHECK(package.image->preprocess.output_width() == 6);
}

TEST_CASE("sha256_of_known_text") {  // the example of FIPS 180-2
    CHECK(pmatch::sha256("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("package_file_of_another_size") {
    CHECK(complaint([](json& m) { m["files"]["image.pt"]["size"] = 20; }) ==
          "the file has 19 bytes, model.json says 20");
}

TEST_CASE("package_file_with_another_checksum") {
    const auto text =
        complaint([](json& m) { m["files"]["image.pt"]["sha256"] = std::string(64, '0'); });
    CHECK(text.find("the file's SHA-256 is") == 0);
}

TEST_CASE("package_file_missing") {
    const auto text = complaint([](json& m) {
        m["files"]["gone.pt"] = m["files"]["image.pt"];
        m["image"]["module"] = "gone.pt";
    });
    CHECK(text == "cannot read the file: No such file or directory");
}

TEST_CASE("package_file_name_leads_outside") {
    for (const char* name : {"../image.pt", "/etc/passwd", "a/../../b", "a\\b", "", "./x", "a//"}) {
        CAPTURE(name);
        const auto text = complaint([&](json& m) { m["files"][name] = m["files"]["image.pt"]; });
        CHECK(text.find("expected a plain relative file name inside the package") !=
              std::string::npos);
    }
}

TEST_CASE("package_module_not_listed") {
    CHECK(complaint([](json& m) { m["image"]["module"] = "other.pt"; }) ==
          "'image.module' is \"other.pt\", expected a name listed in 'files'");
}

TEST_CASE("package_written_by_a_newer_version") {
    CHECK(complaint([](json& m) { m["version"] = 2; }) ==
          "pmatch.model format 2 is newer than this pmatch (reads 1 to 1)");
    CHECK(complaint([](json& m) { m["schema"] = "pmatch.items"; }) ==
          "this is a 'pmatch.items' file, expected 'pmatch.model'");
}

TEST_CASE("package_numbers_out_of_range") {
    const auto range = [](const char* name, const std::string& value, const char* wanted) {
        return fmt::format("'{}' is {}, expected a whole number from {}", name, value, wanted);
    };
    for (const json& bad : {json(0), json(-1), json(65537), json(1e300), json(4.5), json("4"),
                            json(18446744073709551615U), json(nullptr)}) {
        CHECK(complaint([&](json& m) { m["embedding"]["dim"] = bad; }) ==
              range("embedding.dim", bad.dump(), "1 to 65536"));
        CHECK(complaint([&](json& m) { preprocess(m)["resize"]["size"] = bad; }) ==
              range("image.preprocess.resize.size", bad.dump(), "1 to 4096"));
    }
    CHECK(complaint([](json& m) { preprocess(m)["std"][1] = 0; }) ==
          "'image.preprocess.std[1]' is 0, expected a number above 0");
    CHECK(complaint([](json& m) {
              preprocess(m)["mean"] = json::array({1, 2});
          }) == "'image.preprocess.mean' is an array of 2, expected an array of 3");
    CHECK(
        complaint([](json& m) { preprocess(m)["crop"]["height"] = 9; }) ==
        "'image.preprocess.crop' is an object, expected a crop no larger than the resized picture");
}

TEST_CASE("package_fields_missing") {
    for (const char* key :
         {"schema", "version", "name", "task", "family", "files", "embedding", "image", "golden"}) {
        CHECK(complaint([&](json& m) { m.erase(key); }) == fmt::format("'{}' is missing", key));
    }
    for (const char* key : {"resize", "rescale", "mean", "std"}) {
        CHECK(complaint([&](json& m) { preprocess(m).erase(key); }) ==
              fmt::format("'image.preprocess.{}' is missing", key));
    }
}

TEST_CASE("package_words_not_known") {
    CHECK(complaint([](json& m) { m["task"] = "sorting"; }) ==
          "'task' is \"sorting\", expected one of text-embedding, image-embedding, "
          "image-text-embedding, image-captioning, text-reading");
    CHECK(
        complaint([](json& m) { preprocess(m)["resize"]["filter"] = "box"; }) ==
        "'image.preprocess.resize.filter' is \"box\", expected one of bilinear, bicubic, lanczos");
    CHECK(complaint([](json& m) { preprocess(m)["channels"] = "gbr"; }) ==
          "'image.preprocess.channels' is \"gbr\", expected one of rgb, bgr");
    CHECK(complaint([](json& m) { preprocess(m)["resize"]["antialias"] = false; }) ==
          "'image.preprocess.resize.antialias' is false, expected true");
}

TEST_CASE("package_whose_model_json_changed_after_it_was_sealed") {
    const TempDir directory("package-seal");
    auto manifest = good_manifest();
    manifest["checksum"] = std::string(64, '0');
    const auto text = manifest.dump(1);
    auto sealed = text;
    const auto at = sealed.rfind(std::string(64, '0'));
    sealed.replace(at, 64, pmatch::sha256(text));
    write(directory / "model.json", sealed);
    CHECK_NOTHROW(pmatch::read_package(directory.path()));
    for (const std::string_view word : {"0.485", "127.0", "small", "6"}) {
        auto changed = sealed;
        const auto found = changed.find(word);
        if (found == std::string::npos) continue;
        changed[found] = changed[found] == '1' ? '3' : '1';
        write(directory / "model.json", changed);
        CHECK_THROWS_AS(pmatch::read_package(directory.path()), pmatch::Error);
    }
    sealed[at] = 'x';
    write(directory / "model.json", sealed);
    CHECK_THROWS_AS(pmatch::read_package(directory.path()), pmatch::Error);
}

TEST_CASE("package_manifest_not_json") {
    const TempDir directory("package-not-json");
    write(directory / "model.json", "{\"schema\": ");
    CHECK_THROWS_AS(pmatch::read_package(directory.path()), pmatch::Error);
    write(directory / "model.json", "[]");
    CHECK_THROWS_WITH_AS(pmatch::read_package(directory.path()),
                         "the file is an array of 0, expected an object", pmatch::Error);
}

TEST_CASE("whatever decides a vector changes the fingerprint, and nothing else does") {
    const auto print = [](const std::function<void(json&)>& change, const char* precision) {
        const TempDir directory("package-fingerprint");
        auto manifest = good_manifest();
        change(manifest);
        write(directory / "model.json", manifest.dump());
        return pmatch::read_package(directory.path()).fingerprint(precision);
    };
    const auto original = print([](json&) {}, "fp32");
    CHECK(original.size() == 64);
    CHECK(print([](json& m) { m["name"] = "renamed"; }, "fp32") == original);
    CHECK(print([](json&) {}, "bf16") != original);
    CHECK(print([](json& m) { preprocess(m)["mean"][2] = 126.0; }, "fp32") != original);
    CHECK(print([](json& m) { preprocess(m)["resize"]["size"] = 9; }, "fp32") != original);
    CHECK(print([](json& m) { preprocess(m)["channels"] = "rgb"; }, "fp32") == original);
    CHECK(print([](json& m) { preprocess(m)["channels"] = "bgr"; }, "fp32") != original);
    CHECK(print([](json& m) { m["embedding"]["pooling"] = "cls"; }, "fp32") != original);
    CHECK(print([](json& m) { m["files"]["image.pt"]["sha256"] = std::string(64, 'a'); }, "fp32") !=
          original);
}

TEST_CASE("a file that is no module is refused by torch with its path") {
    const TempDir directory("package-no-module");
    write(directory / "model.json", good_manifest().dump());
    write(directory / "image.pt", kModule);
    try {
        pmatch::load_encoder(directory.path(), {"cpu", "fp32", 1});
        FAIL("it was loaded");
    } catch (const pmatch::Error& e) {
        CHECK(std::string(e.what()).find("torch cannot load the module: ") == 0);
        CHECK(e.file() == (directory / "image.pt").string());
    }
}

TEST_CASE("options that are not known name those that are") {
    CHECK_THROWS_WITH_AS(pmatch::load_encoder("nowhere", {"gpu", "auto", 0}),
                         "unknown device 'gpu'", pmatch::UsageError);
    CHECK_THROWS_WITH_AS(pmatch::load_encoder("nowhere", {"cpu", "fp8", 0}),
                         "unknown precision 'fp8'", pmatch::UsageError);
    CHECK_THROWS_AS(pmatch::load_encoder("nowhere", {"cpu", "auto", -1}), pmatch::UsageError);
}

TEST_CASE("a package is found by path, then by name, and else the places are listed") {
    const TempDir directory("package-find");
    std::filesystem::create_directories(directory / "small");
    write(directory / "small/model.json", "{}");
    ::setenv("PMATCH_MODELS", directory.path().c_str(), 1);
    CHECK(pmatch::find_package("small") == directory / "small");
    CHECK(pmatch::find_package((directory / "small").string()) == directory / "small");
    try {
        pmatch::find_package("none");
        FAIL("it was found");
    } catch (const pmatch::Error& e) {
        CHECK(std::string(e.what()).find((directory / "none").string()) != std::string::npos);
        CHECK(pmatch::test::words_of(e.remedy()).find("scripts/export_model.py") !=
              std::string::npos);
    }
    ::unsetenv("PMATCH_MODELS");
}
