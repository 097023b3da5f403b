#include "data/pictures/picture_finder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;

namespace {

const std::string kComposed = "caf\u00e9.jpg";
const std::string kDecomposed = "cafe\u0301.jpg";

/// media/ with a few pictures, and secret.jpg beside it.
struct Shop {
    explicit Shop(const std::string& name) : dir(name) {
        for (const char* file : {"m/u/mug.jpg", "j/u/jug.jpg", "img/a,b.jpg", "img/sp ace.jpg",
                                 "img/Plain.JPG", "img/only.jpeg"})
            write("media/" + std::string(file));
        write("secret.jpg");
    }
    void write(const std::string& file) const {
        fs::create_directories((dir / file).parent_path());
        std::ofstream(dir / file) << "x";
    }
    fs::path media() const { return dir / "media"; }

    pmatch::test::TempDir dir;
};

/// The path below the root, or the problem's code.
std::string found(const pmatch::PictureFinder& finder, const std::string& written) {
    const auto result = finder.find(written);
    if (const auto* problem = std::get_if<pmatch::Problem>(&result)) return problem->code;
    return fs::relative(std::get<fs::path>(result), finder.root()).string();
}

std::string detail(const pmatch::PictureFinder& finder, const std::string& written) {
    const auto result = finder.find(written);
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    return problem == nullptr ? "found" : problem->detail;
}

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("pictures are found as shops write them") {
    const Shop shop("finder-spellings");
    for (const bool confine : {false, true}) {
        const pmatch::PictureFinder finder(shop.media(), confine);
        CHECK(found(finder, "m/u/mug.jpg") == "m/u/mug.jpg");
        CHECK(found(finder, "/m/u/mug.jpg") == "m/u/mug.jpg");
        CHECK(found(finder, "m\\u\\mug.jpg") == "m/u/mug.jpg");
        CHECK(found(finder, "\\m\\u\\mug.jpg?width=80#top") == "m/u/mug.jpg");
        CHECK(found(finder, "m/u/mug.jpg?v=1617") == "m/u/mug.jpg");
        CHECK(found(finder, "img/sp%20ace.jpg") == "img/sp ace.jpg");
        CHECK(found(finder, "img/a,b.jpg") == "img/a,b.jpg");
    }
}

TEST_CASE("a name with odd characters that is there is taken as it is written") {
    const Shop shop("finder-odd");
    for (const char* name : {"100%25.jpg", "what?.jpg", "back\\slash.jpg"}) {
        shop.write("media/" + std::string(name));
        const pmatch::PictureFinder finder(shop.media(), true);
        CHECK(found(finder, name) == name);
    }
}

TEST_CASE("a name in another Unicode form is the same name") {
    const Shop shop("finder-forms");
    shop.write("media/" + kDecomposed);
    shop.write("media/gla\u0308ser/" + kComposed);
    const pmatch::PictureFinder finder(shop.media(), true);
    CHECK(found(finder, kComposed) == kDecomposed);
    CHECK(found(finder, "/gl\u00e4ser/" + kDecomposed) == "gla\u0308ser/" + kComposed);
    CHECK(found(finder, "gl%C3%A4ser\\" + kDecomposed) == "gla\u0308ser/" + kComposed);
}

TEST_CASE("letter case and extensions are not guessed but named") {
    const Shop shop("finder-case");
    for (const bool confine : {false, true}) {
        const pmatch::PictureFinder finder(shop.media(), confine);
        CHECK(found(finder, "IMG/plain.jpg") == "missing");
        CHECK(says(detail(finder, "IMG/plain.jpg"), "did you mean 'img/Plain.JPG'?"));
        CHECK(says(detail(finder, "img\\only.jpg"), "did you mean 'img/only.jpeg'?"));
        CHECK(says(detail(finder, "img/none.jpg"), "img/none.jpg"));
        CHECK_FALSE(says(detail(finder, "img/none.jpg"), "did you mean"));
    }
}

TEST_CASE("a name in an old encoding is named") {
    const Shop shop("finder-latin1");
    shop.write("media/caf\xE9.jpg");
    const pmatch::PictureFinder finder(shop.media(), true);
    CHECK(found(finder, kComposed) == "missing");
    CHECK(says(detail(finder, kComposed), "did you mean 'caf\\xE9.jpg'?"));
}

TEST_CASE("no spelling leads out of a root that confines") {
    const Shop shop("finder-outside");
    fs::create_directory_symlink(shop.dir.path(), shop.media() / "up");
    const pmatch::PictureFinder finder(shop.media(), true);
    for (const char* written : {"../secret.jpg", "..\\secret.jpg", "%2e%2e/secret.jpg",
                                "/../secret.jpg?v=1", "up/secret.jpg", "up/SECRET.jpg"}) {
        CAPTURE(written);
        const auto result = finder.find(written);
        REQUIRE(std::holds_alternative<pmatch::Problem>(result));
        CHECK_FALSE(says(std::get<pmatch::Problem>(result).detail, "did you mean"));
    }
    CHECK(found(finder, "/etc/passwd") == "outside_image_root");
}

TEST_CASE("a list of names is separated, a name with a comma is not") {
    const Shop shop("finder-lists");
    const pmatch::PictureFinder finder(shop.media(), true);
    CHECK(finder.separated({"m/u/mug.jpg, j/u/jug.jpg"}) == Names{"m/u/mug.jpg", "j/u/jug.jpg"});
    CHECK(finder.separated({"m/u/mug.jpg;none.png"}) == Names{"m/u/mug.jpg", "none.png"});
    CHECK(finder.separated({"https://x.org/a.jpg,https://x.org/b.jpg?v=1"}) ==
          Names{"https://x.org/a.jpg", "https://x.org/b.jpg?v=1"});
    for (const char* one : {"img/a,b.jpg", "img/x,y.jpg", "a.jpg?size=1,2", "m/u/mug.jpg",
                            "data:image/png;base64,AA=="})
        CHECK(finder.separated({one}) == Names{one});
}

TEST_CASE("a directory is listed again when it changes") {
    const Shop shop("finder-changes");
    const pmatch::PictureFinder finder(shop.media(), true);
    CHECK(found(finder, kComposed) == "missing");
    shop.write("media/" + kDecomposed);
    fs::last_write_time(shop.media(), fs::file_time_type::clock::now() + std::chrono::hours(1));
    CHECK(found(finder, kComposed) == kDecomposed);
}
