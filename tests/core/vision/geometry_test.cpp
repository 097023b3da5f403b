#include "core/vision/geometry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "core/vision/descriptor_matches.hpp"
#include "tests/core/vision/vision_support.hpp"

namespace pmatch {
namespace {

using test::label;

Geometry compare(const Image& from, const Image& to) {
    return compare_geometry(find_keypoints(from), find_keypoints(to));
}

/// Descriptors that are all `values`, one each.
Keypoints made_of(const std::vector<std::uint8_t>& values) {
    Keypoints keypoints;
    for (const auto value : values) {
        keypoints.points.emplace_back();
        keypoints.descriptors.insert(keypoints.descriptors.end(), kDescriptorBytes, value);
    }
    return keypoints;
}

TEST_CASE("matches are mutual, and clearly nearer than the next") {
    // Distances are as the differences of the values.
    CHECK(match_descriptors(made_of({10, 200}), made_of({12, 190}), .8) ==
          std::vector<DescriptorMatch>{{0, 0}, {1, 1}});
    // 100 is 9 from 91 and 10 from 110: 9 < .8 * 10 does not hold.
    CHECK(match_descriptors(made_of({100}), made_of({91, 110}), .8).empty());
    CHECK(match_descriptors(made_of({100}), made_of({91, 110}), .95) ==
          std::vector<DescriptorMatch>{{0, 0}});
    // Both find 50, which is nearer to 52.
    CHECK(match_descriptors(made_of({45, 52}), made_of({50, 250}), .8) ==
          std::vector<DescriptorMatch>{{1, 0}});
    // Nothing is second nearest.
    CHECK(match_descriptors(made_of({10}), made_of({10}), .8).empty());
    CHECK(match_descriptors(made_of({}), made_of({10, 20}), .8).empty());
    CHECK(match_descriptors(made_of({10, 20}), made_of({}), .8).empty());
    // Two that are equal to it: which one is it?
    CHECK(match_descriptors(made_of({10}), made_of({10, 10}), .8).empty());
}

/// On white, so large that it is searched as it is.
Image on_white(const Image& image, int left, int top) {
    return test::placed(image, 600, 600, left, top);
}

TEST_CASE("a picture that is shifted is recognised, and the shift recovered") {
    const auto picture = label(300, 240, 1);
    const auto found = compare(on_white(picture, 10, 20), on_white(picture, 110, 80));
    CHECK(found.inliers() > 100);
    CHECK(found.transform.scale() == doctest::Approx(1).epsilon(.005));
    CHECK(std::abs(found.transform.degrees()) < .3);
    CHECK(std::abs(found.transform.dx - 100) < 1);
    CHECK(std::abs(found.transform.dy - 60) < 1);
    double farthest = 0;
    for (const auto& [from, to] : found.pairs)
        farthest = std::max<double>(farthest, std::hypot(to.x - from.x - 100, to.y - from.y - 60));
    CHECK(farthest < 7);
}

TEST_CASE("a picture that is turned is recognised, and the turn recovered") {
    const auto picture = label(600, 400, 2);
    const auto found = compare(picture, test::turned(picture));
    CHECK(found.inliers() > 100);
    CHECK(found.transform.scale() == doctest::Approx(1).epsilon(.005));
    CHECK(found.transform.degrees() == doctest::Approx(90).epsilon(.005));
    CHECK(std::abs(found.transform.dx - 399) < 1.5);
    CHECK(std::abs(found.transform.dy) < 1.5);
}

TEST_CASE("a picture of half the size is recognised, and the scale recovered") {
    const auto picture = label(400, 320, 3);
    const auto whole = on_white(picture, 50, 50);
    const auto half = on_white(test::halved(picture), 50, 50);
    CHECK(compare(whole, half).inliers() > 30);
    CHECK(compare(whole, half).transform.scale() == doctest::Approx(.5).epsilon(.01));
    CHECK(compare(half, whole).transform.scale() == doctest::Approx(2).epsilon(.01));
}

TEST_CASE("a small picture is enlarged before it is searched") {
    // Both are 600 x 450 then.
    const auto picture = label(1200, 900, 3);
    const auto found = compare(picture, test::halved(test::halved(picture)));
    CHECK(found.inliers() > 30);
    CHECK(found.transform.scale() == doctest::Approx(1).epsilon(.01));
}

TEST_CASE("unrelated and mirrored pictures have few inliers") {
    const auto picture = find_keypoints(label(300, 240, 4));
    for (std::uint64_t seed = 5; seed < 15; ++seed) {
        const auto other = find_keypoints(label(300, 240, seed));
        CHECK(compare_geometry(picture, other).inliers() < 10);
    }
    const auto mirrored = find_keypoints(test::mirrored(label(300, 240, 4)));
    CHECK(compare_geometry(picture, mirrored).inliers() < 10);
}

TEST_CASE(
    "a mirrored picture is recognised where that is wanted, and its points are the picture's own") {
    const auto picture = label(300, 240, 4);
    GeometryOptions options;
    options.mirrored = true;
    const auto from = find_keypoints(picture);
    const auto found = compare_geometry(from, find_keypoints(test::mirrored(picture)), options);
    CHECK(found.mirrored);
    CHECK(found.inliers() > 100);
    CHECK(found.transform.scale() == doctest::Approx(1).epsilon(.005));
    CHECK(std::abs(found.transform.degrees()) < .3);
    // Searched twice as wide, x is at 599 - x or so.
    for (const auto& pair : found.pairs) {
        CHECK(std::abs(pair.from.x + pair.to.x - 599) < 9);
        CHECK(std::abs(pair.from.y - pair.to.y) < 9);
    }
    const auto shifted = compare_geometry(from, from, options);
    CHECK(!shifted.mirrored);
    CHECK(shifted.inliers() == from.points.size());
    CHECK(compare_geometry(find_keypoints(label(300, 240, 5)), from, options).inliers() < 10);
}

TEST_CASE("a picture without keypoints matches nothing") {
    const auto picture = find_keypoints(label(300, 240, 1));
    CHECK(compare_geometry(picture, {}).inliers() == 0);
    CHECK(compare_geometry({}, picture).inliers() == 0);
    CHECK(compare_geometry({}, {}).matches == 0);
}

TEST_CASE("a scale beyond the bounds is none of a picture of the same thing") {
    const auto picture = label(400, 320, 3);
    GeometryOptions options;
    options.smallest_scale = .6;
    const auto from = find_keypoints(on_white(picture, 50, 50));
    const auto to = find_keypoints(on_white(test::halved(picture), 50, 50));
    CHECK(compare_geometry(from, to, options).inliers() <= options.by_chance);
    CHECK(compare_geometry(from, to, options).matches > 30);
}

TEST_CASE("the score counts inliers beyond those by chance") {
    CHECK(geometry_score(0) == 0);
    CHECK(geometry_score(4) == 0);
    CHECK(geometry_score(5) == doctest::Approx(std::log(2)));
    CHECK(geometry_score(104) == doctest::Approx(std::log(101)));
}

/// Points of one size and angle at these places, each unlike the others.
Keypoints at_places(const std::vector<Keypoint>& points) {
    Keypoints keypoints{points, {}};
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t byte = 0; byte < kDescriptorBytes; ++byte)
            keypoints.descriptors.push_back(byte / 8 == i ? 180 : 0);
    }
    return keypoints;
}

TEST_CASE("the similarity is that of the points that agree, whatever the others say") {
    // Twice as large, a quarter turn, then (300, 100) on: (x, y) is at (300 - 2 y, 100 + 2 x).
    std::vector<Keypoint> from;
    std::vector<Keypoint> to;
    for (const auto& [x, y] :
         {std::pair{10, 20}, {90, 30}, {50, 70}, {20, 110}, {100, 100}, {60, 15}}) {
        from.push_back({static_cast<float>(x), static_cast<float>(y), 4, 10});
        to.push_back({static_cast<float>(300 - 2 * y), static_cast<float>(100 + 2 * x), 8, 100});
    }
    // Three say something else, each its own.
    for (const int i : {0, 1, 2}) {
        from.push_back({40.F + 20 * static_cast<float>(i), 50, 4, 10});
        to.push_back({500, 400.F - 90 * static_cast<float>(i), 4.F + static_cast<float>(i), 0});
    }
    const auto found = compare_geometry(at_places(from), at_places(to));
    CHECK(found.matches == 9);
    CHECK(found.inliers() == 6);
    CHECK(found.transform.scale() == doctest::Approx(2));
    CHECK(found.transform.degrees() == doctest::Approx(90));
    CHECK(found.transform.dx == doctest::Approx(300));
    CHECK(found.transform.dy == doctest::Approx(100));
}

TEST_CASE("points that are all at one place say no more than that they are there") {
    const std::vector<Keypoint> there(6, Keypoint{50, 60, 4, 0});
    const auto found = compare_geometry(at_places(there), at_places(there));
    CHECK(found.inliers() == 6);
    CHECK(found.transform.scale() == doctest::Approx(1));
}

TEST_CASE("one geometry for any number of threads") {
    const auto picture = label(300, 240, 6);
    const auto from = find_keypoints(picture);
    const auto to = find_keypoints(test::halved(test::turned(picture)));
    const auto alone = compare_geometry(from, to);
    REQUIRE(alone.inliers() > 10);
    std::vector<Geometry> found(8);
    {
        std::vector<std::jthread> threads;
        for (auto& one : found)
            threads.emplace_back([&] { one = compare_geometry(from, to); });
    }
    for (const auto& one : found) {
        CHECK(one.inliers() == alone.inliers());
        CHECK(one.transform.dx == alone.transform.dx);
        CHECK(one.transform.a == alone.transform.a);
    }
}

}  // namespace
}  // namespace pmatch
