#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/serve/answers/byte_cache.hpp"
#include "cli/serve/answers/openapi.hpp"
#include "cli/serve/answers/page.hpp"
#include "cli/serve/metrics/metrics_text.hpp"
#include "cli/serve/requests/uploaded_picture.hpp"
#include "cli/serve/service/routes.hpp"
#include "cli/serve/service/worker_pool.hpp"
#include "data/pictures/png_writer.hpp"

using namespace pmatch;
using namespace pmatch::cli;

namespace {

std::shared_ptr<const std::string> text(std::size_t size) {
    return std::make_shared<const std::string>(size, 'x');
}

Image decoded(const UploadedPicture& picture) {
    return std::get<Image>(FilePictureReader().read(picture.path(), std::nullopt));
}

/// Every pixel differs.
Image gradient(int width, int height) {
    Image image{width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            image.rgb.insert(image.rgb.end(),
                             {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 7});
    }
    return image;
}

std::string bytes_of(const Image& image) {
    const auto png = encode_png(image);
    return {png.begin(), png.end()};
}

}  // namespace

TEST_CASE("a cache of bytes forgets what was not asked for longest") {
    ByteCache cache(1000);
    cache.put("a", text(200));
    cache.put("b", text(200));
    REQUIRE(cache.find("a") != nullptr);
    cache.put("c", text(200));
    CHECK(cache.find("b") == nullptr);
    CHECK(cache.find("a") != nullptr);
    CHECK(cache.find("c") != nullptr);
    cache.put("huge", text(2000));
    CHECK(cache.find("huge") == nullptr);
    CHECK(cache.find("nothing", false) == nullptr);
    const auto counts = cache.counts();
    CHECK(counts.hits == 3);
    CHECK(counts.misses == 2);
    CHECK(counts.entries == 2);
    CHECK(counts.bytes <= 1000);
}

TEST_CASE("metrics are written as Prometheus reads them") {
    Histogram histogram({0.5, 1});
    for (const double value : {0.25, 0.5, 0.75, 3.0})
        histogram.observe(value);
    MetricsText metrics;
    metrics.begin("x_total", "counter", "Things.");
    metrics.sample({{"route", "/a\"\\\n"}, {"code", "200"}}, 3);
    metrics.begin("y_seconds", "histogram", "Times.");
    metrics.histogram({}, histogram);
    CHECK(metrics.text() ==
          "# HELP x_total Things.\n# TYPE x_total counter\n"
          "x_total{route=\"/a\\\"\\\\\\n\",code=\"200\"} 3\n"
          "# HELP y_seconds Times.\n# TYPE y_seconds histogram\n"
          "y_seconds_bucket{le=\"0.5\"} 2\ny_seconds_bucket{le=\"1\"} 3\n"
          "y_seconds_bucket{le=\"+Inf\"} 4\ny_seconds_sum 4.5\ny_seconds_count 4\n");
}

TEST_CASE("workers take as many jobs as may wait, and no more") {
    std::promise<void> go;
    const auto gate = go.get_future().share();
    std::promise<void> begun;
    std::atomic<int> done{0};
    {
        WorkerPool pool(1, 2);
        REQUIRE(pool.submit([&] {
            begun.set_value();
            gate.wait();
            ++done;
        }));
        begun.get_future().wait();
        CHECK(pool.submit([&] { ++done; }));
        CHECK(pool.submit([&] { ++done; }));
        CHECK_FALSE(pool.submit([&] { done = 100; }));
        CHECK(pool.waiting() == 2);
        CHECK(pool.pending() == 3);
        go.set_value();
    }
    CHECK(done == 3);
}

TEST_CASE("an upload is read by its path, and its box alone if it has one") {
    const auto image = gradient(8, 4);
    SearchPart part;
    part.picture = bytes_of(image);
    CHECK(decoded(upload(part, {})).rgb == image.rgb);
    part.crop = Crop{0.25, 0.5, 0.5, 0.5};
    const auto box = decoded(upload(part, {}));
    CHECK(box.width == 4);
    CHECK(box.height == 2);
    for (int y = 0; y < 2; ++y) {
        for (int x = 0; x < 4; ++x) {
            const auto* pixel = box.rgb.data() + 3 * (4 * y + x);
            CHECK(pixel[0] == x + 2);
            CHECK(pixel[1] == y + 2);
        }
    }
    part.crop = Crop{1, 1, 1, 1};  // outside: the last pixel
    CHECK(decoded(upload(part, {})).rgb == std::vector<std::uint8_t>{7, 3, 7});
    part.picture = "no picture";
    CHECK_THROWS_AS(upload(part, {}), UsageError);
    part.picture = bytes_of(image);
    CHECK_THROWS_AS(upload(part, {.max_pixels = 31}), UsageError);
}

TEST_CASE("a PNG that we write keeps pixels and profile") {
    auto image = gradient(300, 3);
    const auto back = std::get<Image>(decode_picture(encode_png(image), 1000));
    CHECK(back.rgb == image.rgb);
    CHECK(encode_png({0, 0, {}}).empty());
}

TEST_CASE("paths lead to routes, with a collection or without") {
    const auto match = match_route("HEAD", {"c", "my shop", "thumb", "a/b", "2"});
    REQUIRE(match.route >= 0);
    CHECK(all_routes()[static_cast<std::size_t>(match.route)].path ==
          std::string("/thumb/{id}/{n}"));
    CHECK(match.collection == "my shop");
    CHECK(match.arguments == std::vector<std::string>{"a/b", "2"});
    CHECK(match_route("GET", {}).route >= 0);
    CHECK(match_route("GET", {"c", "shop"}).route >= 0);
    CHECK(match_route("GET", {"c", "shop", ""}).route >= 0);
    CHECK(match_route("GET", {"items"}).allowed.empty());
    CHECK(match_route("GET", {"items", "a", "b"}).allowed.empty());
    CHECK(match_route("GET", {"search", "text"}).route == -1);
    CHECK(match_route("GET", {"search", "text"}).allowed == "POST, OPTIONS");
    CHECK(match_route("PUT", {"info"}).allowed == "GET, HEAD, OPTIONS");
}

TEST_CASE("the description has every route, and no other") {
    const auto document = nlohmann::json::parse(openapi_document("/c/shop/openapi.json", false));
    CHECK(document["servers"][0]["url"] == "/c/shop");
    std::vector<std::string> described;
    for (const auto& [path, operations] : document["paths"].items()) {
        for (const auto& [method, operation] : operations.items())
            described.push_back(method + " " + path);
    }
    std::vector<std::string> routes;
    for (const auto& route : all_routes())
        routes.push_back((route.method == std::string("GET") ? "get " : "post ") +
                         std::string(route.path));
    std::sort(described.begin(), described.end());
    std::sort(routes.begin(), routes.end());
    CHECK(described == routes);
}

TEST_CASE("the description says which routes need no token") {
    const auto document = nlohmann::json::parse(openapi_file());
    for (const auto& route : all_routes()) {
        const auto& operation =
            document["paths"][route.path][route.method == std::string("GET") ? "get" : "post"];
        CHECK_MESSAGE(operation.contains("security") == route.open, route.path);
    }
}

TEST_CASE("the page's policy lets its own style and script run, and nothing else") {
    const auto policy = page_policy();
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("style-src 'sha256-") != std::string::npos);
    CHECK(policy.find("script-src 'sha256-") != std::string::npos);
    CHECK(shared_page()->find("http://") == std::string::npos);
    CHECK(shared_page()->find("https://") == std::string::npos);
}
