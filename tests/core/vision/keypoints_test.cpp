#include "core/vision/keypoints.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "tests/core/vision/vision_support.hpp"

namespace pmatch {
namespace {

using test::label;
using test::plain_image;

TEST_CASE("a picture without structure has no keypoints, which is no error") {
    CHECK(find_keypoints(plain_image(300, 200, 0)).points.empty());
    CHECK(find_keypoints(plain_image(300, 200, 255)).points.empty());
    CHECK(find_keypoints(Image{}).points.empty());
    CHECK(find_keypoints(plain_image(1, 1, 7)).points.empty());
    CHECK(find_keypoints(plain_image(1, 20'000, 7)).points.empty());
    CHECK(find_keypoints(plain_image(16, 16, 7)).points.empty());
    CHECK(find_keypoints(label(15, 15, 1)).points.empty());
}

TEST_CASE("the number of keypoints and the size of the searched picture are bounded") {
    const auto many = find_keypoints(label(1600, 1200, 1));
    CHECK(many.points.size() > 200);
    CHECK(many.points.size() <= 500);
    CHECK(many.descriptors.size() == many.points.size() * kDescriptorBytes);
    for (const auto& point : many.points) {
        CHECK(point.x >= 0);
        CHECK(point.x < 600);
        CHECK(point.y < 450);
        CHECK(point.angle >= 0);
        CHECK(point.angle < 360);
    }
    CHECK(find_keypoints(label(400, 300, 1), {.most = 20}).points.size() == 20);
    CHECK(searched_size(1600, 1200).height == 450);
    CHECK(searched_size(600, 100).height == 100);
    CHECK(searched_size(400, 200).width == 600);
    CHECK(searched_size(400, 200).height == 300);
    CHECK(searched_size(60, 80).height == 320);  // four times
    CHECK(searched_size(100'000, 1).height == 1);
}

TEST_CASE("fewer keypoints are the strongest of more") {
    const auto picture = label(400, 300, 3);
    const auto all = find_keypoints(picture);
    const auto few = find_keypoints(picture, {.most = 50});
    REQUIRE(all.points.size() > 50);
    CHECK(std::vector(all.points.begin(), all.points.begin() + 50) == few.points);
}

TEST_CASE("descriptors are of length 512, up to rounding") {
    const auto found = find_keypoints(label(400, 300, 2));
    for (std::size_t i = 0; i < found.points.size(); ++i) {
        double sum = 0;
        for (const auto value : found.descriptor(i))
            sum += value * value;
        CHECK(std::sqrt(sum) == doctest::Approx(512).epsilon(.01));
    }
}

TEST_CASE("packed keypoints are the same when they are unpacked") {
    const auto found = find_keypoints(label(400, 300, 4));
    const auto bytes = pack(found);
    CHECK(bytes.size() == found.points.size() * kPackedBytes);
    CHECK(unpack(bytes) == found);
    CHECK(unpack({}).points.empty());

    // By the format: 1.5 px, 2 px, 3 px and a quarter turn.
    Keypoints one{{{1.5F, 2, 3, 90}}, std::vector<std::uint8_t>(kDescriptorBytes, 9)};
    const std::vector<std::uint8_t> start{96, 0, 128, 0, 192, 0, 0, 64, 9};
    const auto packed = pack(one);
    CHECK(std::vector(packed.begin(), packed.begin() + 9) == start);
}

TEST_CASE("mirrored twice, keypoints are as before") {
    const auto found = find_keypoints(label(400, 300, 6));
    const auto twice = mirrored(mirrored(found));
    CHECK(twice.descriptors == found.descriptors);
    REQUIRE(twice.points.size() == found.points.size());
    for (std::size_t i = 0; i < found.points.size(); ++i) {
        CHECK(twice.points[i].x == found.points[i].x);
        CHECK(twice.points[i].angle == doctest::Approx(found.points[i].angle).epsilon(1e-5));
    }
}

TEST_CASE("keypoints do not depend on the threads that look for them") {
    const auto picture = label(400, 300, 5);
    const auto alone = find_keypoints(picture);
    std::vector<Keypoints> found(8);
    {
        std::vector<std::jthread> threads;
        for (auto& one : found)
            threads.emplace_back([&] { one = find_keypoints(picture); });
    }
    for (const auto& one : found)
        CHECK(one == alone);
}

}  // namespace
}  // namespace pmatch
