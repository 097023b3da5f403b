/// Measures keypoints and the geometry check alone. Usage: pmatch_geometry ITEMS QUERIES [THREADS]
/// Both files have one picture path per line. Every query is compared with kCandidates items on
/// THREADS threads (2 by default), as `verify` of a preset does. Prints one JSON object.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "core/threads/parallel.hpp"
#include "core/vision/geometry.hpp"
#include "data/pictures/image_reader.hpp"

namespace {

using namespace pmatch;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kCandidates = 20;
constexpr int kQueryKeypoints = 1000;  // as cli/engine/stored_keypoints.hpp has it

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<Image> read_all(const char* list) {
    const FilePictureReader reader;
    std::vector<Image> pictures;
    std::ifstream input(list);
    for (std::string line; std::getline(input, line);) {
        auto read = reader.read(line, std::nullopt);
        if (auto* image = std::get_if<Image>(&read)) pictures.push_back(std::move(*image));
    }
    return pictures;
}

std::vector<Keypoints> keypoints_of(const std::vector<Image>& pictures, int most) {
    std::vector<Keypoints> all;
    for (const auto& picture : pictures)
        all.push_back(find_keypoints(picture, {.most = most}));
    return all;
}

/// The candidates of query number `query`: neighbours in the list, so that all items take part.
std::size_t candidate(std::size_t query, std::size_t number, std::size_t items) {
    return (query * kCandidates + number) % items;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: pmatch_geometry ITEMS QUERIES [THREADS]\n";
        return 2;
    }
    const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
    const auto item_pictures = read_all(argv[1]);
    const auto query_pictures = read_all(argv[2]);
    if (item_pictures.empty() || query_pictures.empty()) {
        std::cerr << "no picture could be read\n";
        return 1;
    }
    const auto items = keypoints_of(item_pictures, KeypointOptions().most);
    const auto start = Clock::now();
    const auto queries = keypoints_of(query_pictures, kQueryKeypoints);
    const double keypoints = milliseconds_since(start) / static_cast<double>(queries.size());
    std::vector<std::size_t> inliers(queries.size() * kCandidates);
    const auto checked = Clock::now();
    for (std::size_t q = 0; q < queries.size(); ++q) {
        for_pieces(
            kCandidates, threads,
            [&](std::size_t begin, std::size_t end) {
                for (auto i = begin; i < end; ++i) {
                    const auto& item = items[candidate(q, i, items.size())];
                    inliers[q * kCandidates + i] = compare_geometry(item, queries[q]).inliers();
                }
            },
            1);
    }
    const double verify = milliseconds_since(checked) / static_cast<double>(queries.size());
    std::printf("{\"keypoints_ms\": %.3f, \"verify_ms\": %.3f, \"threads\": %d, \"inliers\": [",
                keypoints, verify, threads);
    for (std::size_t i = 0; i < inliers.size(); ++i)
        std::printf("%s%zu", i == 0 ? "" : ", ", inliers[i]);
    std::printf("]}\n");
    return 0;
}
