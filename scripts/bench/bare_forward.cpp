/// Measures the throughput of the encoder alone, on the batches of `pmatch embed`, prepared in
/// advance. Usage: pmatch_bare_forward PACKAGE text|image FILE [RUNS]
/// FILE has one text or picture path per line. Prints one JSON object per run.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "core/common/error.hpp"
#include "core/pipeline/embed_pipeline.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/encoder/load_encoder.hpp"

namespace {

using namespace pmatch;

/// Rows of a window of texts, as `pmatch embed` cuts them.
constexpr std::size_t kTextWindow = 1024;

std::vector<std::string> lines_of(const char* file) {
    std::ifstream input(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(input, line);)
        lines.push_back(line);
    return lines;
}

std::vector<Prepared> prepare(const Encoder& encoder, const std::vector<std::string>& lines,
                              bool pictures) {
    const FilePictureReader reader;
    std::vector<Prepared> prepared;
    for (const auto& line : lines) {
        if (!pictures) {
            prepared.push_back(encoder.prepare(line, TextRole::kDocument));
            continue;
        }
        const auto read = reader.read(line, std::nullopt);
        if (const auto* image = std::get_if<Image>(&read)) {
            prepared.push_back(encoder.prepare(*image));
        }
    }
    return prepared;
}

using Batch = std::vector<const Prepared*>;

std::vector<Batch> batches_of(const std::vector<Prepared>& prepared, bool pictures) {
    const EmbedOptions options;
    const auto size = pictures ? options.picture_batch : options.text_batch;
    const auto window = pictures ? options.picture_batch : kTextWindow;
    std::vector<Batch> batches;
    for (std::size_t begin = 0; begin < prepared.size(); begin += window) {
        Batch all;
        const auto end = std::min(begin + window, prepared.size());
        for (auto i = begin; i < end; ++i)
            all.push_back(&prepared[i]);
        std::stable_sort(all.begin(), all.end(), [](const Prepared* a, const Prepared* b) {
            return a->tokens.size() < b->tokens.size();
        });
        for (std::size_t i = 0; i < all.size(); i += size) {
            const auto last = std::min(i + size, all.size());
            batches.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(i),
                                 all.begin() + static_cast<std::ptrdiff_t>(last));
        }
    }
    return batches;
}

double seconds_of_a_pass(Encoder& encoder, const std::vector<Batch>& batches) {
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    std::vector<float> vectors;
    const auto start = std::chrono::steady_clock::now();
    for (const auto& batch : batches) {
        vectors.resize(batch.size() * dim);
        encoder.encode(batch, vectors);
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: pmatch_bare_forward PACKAGE text|image FILE [RUNS]\n";
        return 2;
    }
    try {
        const bool pictures = std::string(argv[2]) == "image";
        const int runs = argc > 4 ? std::atoi(argv[4]) : 1;
        const auto encoder = load_encoder(find_package(argv[1]), {});
        const auto prepared = prepare(*encoder, lines_of(argv[3]), pictures);
        const auto batches = batches_of(prepared, pictures);
        seconds_of_a_pass(*encoder, {batches.front()});  // the first call prepares the library
        for (int run = 0; run < runs; ++run) {
            std::printf("{\"items\": %zu, \"seconds\": %.4f}\n", prepared.size(),
                        seconds_of_a_pass(*encoder, batches));
        }
    } catch (const Error& error) {
        std::cerr << error.what() << '\n' << error.remedy().advice << '\n';
        return 1;
    }
    return 0;
}
