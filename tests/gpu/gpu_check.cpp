/// Is the GPU's answer the CPU's, and how fast is it? Usage: pmatch_gpu_check PACKAGE...
/// Exit 0: all as it should be; 1: something differs; 77: no GPU or no package, nothing checked.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "models/encoder/load_encoder.hpp"
#include "models/package/package.hpp"
#include "models/runtime/module.hpp"
#include "tests/gpu/ballast.hpp"
#include "tests/gpu/gpu_captions.hpp"
#include "tests/gpu/made_up_inputs.hpp"
#include "tests/support/remedy_words.hpp"

namespace {

using namespace pmatch;

constexpr int kSkipped = 77;

int failures = 0;

void check(bool good, const std::string& what) {
    fmt::print("  {} {}\n", good ? "ok    " : "FAILED", what);
    if (!good) ++failures;
}

std::vector<float> encode(Encoder& encoder, const std::vector<Prepared>& inputs) {
    std::vector<const Prepared*> batch;
    for (const auto& input : inputs)
        batch.push_back(&input);
    std::vector<float> vectors(batch.size() * static_cast<std::size_t>(encoder.info().dim));
    encoder.encode(batch, vectors);
    return vectors;
}

/// The smallest cosine between vectors of equal number.
double least_cosine(const std::vector<float>& a, const std::vector<float>& b, std::size_t dim) {
    double least = 1;
    for (std::size_t begin = 0; begin < a.size(); begin += dim) {
        double product = 0;
        double square_a = 0;
        double square_b = 0;
        for (auto i = begin; i < begin + dim; ++i) {
            product += double{a[i]} * b[i];
            square_a += double{a[i]} * a[i];
            square_b += double{b[i]} * b[i];
        }
        least = std::min(least, product / std::sqrt(square_a * square_b));
    }
    return least;
}

double inputs_per_second(Encoder& encoder, const std::vector<Prepared>& inputs) {
    using Clock = std::chrono::steady_clock;
    encode(encoder, inputs);
    constexpr double kLongEnough = 2;
    const auto start = Clock::now();
    double seconds = 0;
    double done = 0;
    while (seconds < kLongEnough) {
        encode(encoder, inputs);
        done += static_cast<double>(inputs.size());
        seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    return done / seconds;
}

void check_precisions(const std::filesystem::path& package) {
    const auto cpu = load_encoder(package, {"cpu", "fp32"});
    const auto dim = static_cast<std::size_t>(cpu->info().dim);
    const auto inputs = test::made_up_inputs(*cpu, 300);
    const auto expected = encode(*cpu, inputs);
    struct Row {
        const char* precision;
        double least;
    };
    for (const auto& [precision, least] :
         {Row{"fp32", 0.99999}, {"bf16", 0.999}, {"fp16", 0.999}}) {
        const auto gpu = load_encoder(package, {"cuda", precision});
        const auto vectors = encode(*gpu, inputs);
        const auto cosine = least_cosine(vectors, expected, dim);
        check(cosine >= least, fmt::format("{} on {}: cosine to the CPU's fp32 at least {:.7f}",
                                           precision, gpu->info().device, cosine));
        check(least_cosine(encode(*gpu, inputs), vectors, dim) > 1 - 1e-6,
              fmt::format("{}: the same batch again gives the same vectors", precision));
        std::vector<float> alone;
        for (std::size_t i = 0; i < 8; ++i) {
            const auto one = encode(*gpu, {inputs[i * 30]});
            alone.insert(alone.end(), one.begin(), one.end());
        }
        std::vector<float> together;
        for (std::size_t i = 0; i < 8; ++i) {
            const auto at = vectors.begin() + static_cast<std::ptrdiff_t>(i * 30 * dim);
            together.insert(together.end(), at, at + static_cast<std::ptrdiff_t>(dim));
        }
        check(least_cosine(alone, together, dim) >= least,
              fmt::format("{}: alone and in a batch", precision));
    }
}

void check_out_of_memory(const std::filesystem::path& package) {
    std::vector<std::string> notes;
    LoadOptions options{"cuda", "fp32"};
    options.note = [&](const std::string& note) { notes.push_back(note); };
    const auto gpu = load_encoder(package, options);
    const auto dim = static_cast<std::size_t>(gpu->info().dim);
    const auto inputs = test::made_up_inputs(*gpu, 300);
    const auto expected = encode(*gpu, {inputs[0], inputs[299]});
    std::vector<float> vectors;
    {
        const test::Ballast ballast(std::size_t{48} << 20U);
        vectors = encode(*gpu, inputs);
    }
    for (const auto& note : notes)
        fmt::print("  note   {}\n", note);
    check(!notes.empty(), "out of memory is said");
    std::vector<float> ends(vectors.begin(), vectors.begin() + static_cast<std::ptrdiff_t>(dim));
    ends.insert(ends.end(), vectors.end() - static_cast<std::ptrdiff_t>(dim), vectors.end());
    check(least_cosine(ends, expected, dim) >= 0.99999, "smaller passes give the same vectors");
}

void print_speeds(const std::filesystem::path& package) {
    fmt::print("  {:<8} {:<10} {:>12}\n", "device", "precision", "inputs/s");
    const auto row = [&](const char* device, const char* precision, std::size_t count) {
        const auto encoder = load_encoder(package, {device, precision});
        const auto speed = inputs_per_second(*encoder, test::made_up_inputs(*encoder, count));
        fmt::print("  {:<8} {:<10} {:>12.1f}\n", encoder->info().device, precision, speed);
    };
    row("cpu", "fp32", 64);
    for (const char* precision : {"fp32", "bf16", "fp16"})
        row("cuda", precision, 1024);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: pmatch_gpu_check PACKAGE...\n");
        return 2;
    }
    if (cuda_devices() == 0) {
        fmt::print("skipped: torch finds no CUDA device\n");
        return kSkipped;
    }
    int checked = 0;
    for (int i = 1; i < argc; ++i) {
        const std::filesystem::path package(argv[i]);
        if (!std::filesystem::exists(package / "model.json")) {
            fmt::print("skipped: no model package at {}\n", package.string());
            continue;
        }
        fmt::print("{}\n", package.string());
        ++checked;
        try {
            if (read_package(package).task == kCaptioningTask) {
                test::check_captions(package, check);
                continue;
            }
            if (read_package(package).task == kReadingTask) {
                fmt::print("skipped: pictures are read with OpenCV, which is not built here\n");
                continue;
            }
            check_precisions(package);
            check_out_of_memory(package);
            print_speeds(package);
        } catch (const Error& error) {
            check(false, fmt::format("{} ({}): {}", error.what(), error.file(),
                                     test::words_of(error.remedy())));
        }
    }
    if (checked == 0) return kSkipped;
    return failures == 0 ? 0 : 1;
}
