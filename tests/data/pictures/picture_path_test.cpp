#include "data/pictures/picture_path.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;

namespace {

std::string code(const std::variant<fs::path, pmatch::Problem>& result) {
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    return problem != nullptr ? problem->code : "";
}

}  // namespace

TEST_CASE("with an image root nothing outside it is read") {
    const pmatch::test::TempDir dir("picture-path");
    const fs::path root = dir / "root";
    fs::create_directories(root / "sub");
    std::ofstream(root / "sub/a.jpg") << "x";
    std::ofstream(dir / "secret.jpg") << "x";
    std::ofstream(dir / "root-not.jpg") << "x";
    fs::create_symlink(dir / "secret.jpg", root / "link.jpg");
    fs::create_symlink(root / "sub/a.jpg", root / "inside.jpg");
    CHECK(code(pmatch::resolve_picture("sub/a.jpg", root, true)).empty());
    CHECK(code(pmatch::resolve_picture("sub/../sub/a.jpg", root, true)).empty());
    CHECK(code(pmatch::resolve_picture("inside.jpg", root, true)).empty());
    for (const char* path : {"../secret.jpg", "../root-not.jpg", "link.jpg", "/etc/passwd"}) {
        CHECK(code(pmatch::resolve_picture(path, root, true)) == "outside_image_root");
    }
    CHECK(code(pmatch::resolve_picture("none.jpg", root, true)) == "missing");
}

TEST_CASE("without one, relative paths start at the root and absolute ones stay") {
    CHECK(std::get<fs::path>(pmatch::resolve_picture("a.jpg", "dir", false)) == "dir/a.jpg");
    CHECK(std::get<fs::path>(pmatch::resolve_picture("a.jpg", "", false)) == "a.jpg");
    CHECK(std::get<fs::path>(pmatch::resolve_picture("/x/a.jpg", "dir", false)) == "/x/a.jpg");
}

TEST_CASE("a URL is named as one") {
    for (const char* url :
         {"https://example.org/a.jpg", "s3://bucket/a", "data:image/png;base64,"}) {
        CHECK(code(pmatch::resolve_picture(url, "", false)) == "is_a_url");
    }
}
