#include "data/pictures/image_reader.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "data/decoders/exif.hpp"
#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;

namespace {

std::string code(const std::variant<pmatch::Image, pmatch::Problem>& result) {
    const auto* problem = std::get_if<pmatch::Problem>(&result);
    return problem != nullptr ? problem->code : "";
}

std::string read_code(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
    return code(pmatch::FilePictureReader().read(file, std::nullopt));
}

constexpr std::string_view kPpm = "P6 2 1 255\n\x01\x02\x03\xFF\xFE\xFD";

}  // namespace

TEST_CASE("a picture is read when its bytes are those that were ingested") {
    const pmatch::test::TempDir dir("image-hash");
    const fs::path file = dir / "a.ppm";
    REQUIRE(read_code(file, std::string(kPpm)).empty());
    const pmatch::FilePictureReader reader;
    CHECK(code(reader.read(file, pmatch::hash128(kPpm))).empty());
    CHECK(code(reader.read(file, pmatch::hash128("other"))) == "content_changed");
    const auto image = std::get<pmatch::Image>(reader.read(file, std::nullopt));
    CHECK(image.width == 2);
    CHECK(image.rgb == std::vector<std::uint8_t>{1, 2, 3, 255, 254, 253});
}

TEST_CASE("pipes, directories and files that are not there are told apart without waiting") {
    const pmatch::test::TempDir dir("image-kinds");
    const pmatch::FilePictureReader reader;
    REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
    CHECK(code(reader.read(dir / "pipe", std::nullopt)) == "not_a_file");
    CHECK(code(reader.read(dir.path(), std::nullopt)) == "not_a_file");
    CHECK(code(reader.read("/dev/zero", std::nullopt)) == "not_a_file");
    CHECK(code(reader.read(dir / "none.jpg", std::nullopt)) == "missing");
}

TEST_CASE("limits on bytes and pixels are checked before decoding") {
    const pmatch::test::TempDir dir("image-limits");
    const fs::path file = dir / "a.ppm";
    REQUIRE(read_code(file, std::string(kPpm)).empty());
    CHECK(code(pmatch::FilePictureReader({4, 100}).read(file, std::nullopt)) == "too_large");
    CHECK(code(pmatch::FilePictureReader({99, 1}).read(file, std::nullopt)) == "too_many_pixels");
    CHECK(read_code(dir / "huge.ppm", "P6 2000000000 2000000000 255\n") == "too_many_pixels");
}

TEST_CASE("what is no picture of ours is named") {
    const pmatch::test::TempDir dir("image-foreign");
    for (const char* bytes : {"", "8BPS", "<html>", "<svg xmlns=''>", "%PDF-1.4", "hello"}) {
        CHECK(read_code(dir / "x.jpg", bytes) == "unsupported_format");
    }
    CHECK(read_code(dir / "short.ppm", std::string(kPpm.substr(0, kPpm.size() - 1))) ==
          "truncated");
    CHECK(read_code(dir / "head.jpg", "\xFF\xD8\xFF") == "truncated");
    CHECK(read_code(dir / "head.bmp", "BM") == "truncated");
}

TEST_CASE("jpeg_truncated_anywhere is never taken for a picture") {
    const char* data = std::getenv("PMATCH_DATA");
    const fs::path file = fs::path(data != nullptr ? data : "../shared/data") /
                          "hostile/files/exif-orientation/Landscape_6.jpg";
    if (!fs::exists(file)) {
        MESSAGE("skipped: no hostile/files in $PMATCH_DATA");
        return;
    }
    const pmatch::test::TempDir dir("image-truncated");
    std::ifstream input(file, std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(input), {}};
    REQUIRE(read_code(dir / "whole.jpg", whole).empty());
    for (int part = 1; part < 12; ++part) {
        CAPTURE(part);
        const std::string cut = whole.substr(0, whole.size() * static_cast<std::size_t>(part) / 12);
        CHECK(read_code(dir / "cut.jpg", cut) == "truncated");
    }
}

TEST_CASE("turning a picture moves its corners as EXIF says") {
    // 2 x 1 pixels: red channel 1, then 2.
    const pmatch::Image image{2, 1, {1, 0, 0, 2, 0, 0}};
    const auto first = [&](int orientation) {
        return static_cast<int>(pmatch::upright(image, orientation).rgb[0]);
    };
    CHECK(first(1) == 1);
    CHECK(first(2) == 2);
    CHECK(first(3) == 2);
    CHECK(first(6) == 1);
    CHECK(first(8) == 2);
    CHECK(pmatch::upright(image, 6).height == 2);
}
