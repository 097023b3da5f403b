#include "data/pictures/mended_problem.hpp"

#include <doctest/doctest.h>

#include <span>
#include <variant>

#include "data/pictures/image_reader.hpp"

TEST_CASE("a file that is back, and a format that is read by now, are tried again") {
    CHECK(pmatch::may_have_mended({"missing", "a.jpg is not there"}));
    CHECK(pmatch::may_have_mended({"content_changed", "a.jpg is not the file"}));
    CHECK_FALSE(pmatch::may_have_mended({"truncated", "JPEG: the file ends early"}));
    CHECK(pmatch::may_have_mended({"unsupported_format", "a GIF picture; JPEG and PNG are read"}));
    const std::uint8_t pdf[] = {'%', 'P', 'D', 'F', '-', '1', '.', '4'};
    const auto today = pmatch::decode_picture(pdf, 100);
    CHECK_FALSE(pmatch::may_have_mended(std::get<pmatch::Problem>(today)));
}
