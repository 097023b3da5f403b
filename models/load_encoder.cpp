#include "models/load_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/error.hpp"
#include "models/cpu.hpp"
#include "models/device.hpp"
#include "models/module.hpp"
#include "models/package.hpp"
#include "models/package_encoder.hpp"
#include "models/precision_memory.hpp"

namespace pmatch {
namespace {

/// Runs the encoder over made-up inputs for about half a second; inputs per second.
double speed_of(Encoder& encoder, const Package& package) {
    using Clock = std::chrono::steady_clock;
    constexpr std::size_t kTexts = 64;
    constexpr std::int32_t kTokens = 64;
    constexpr double kLongEnough = 0.5;
    std::vector<Prepared> inputs;
    if (package.text) {
        const int length = std::min(kTokens, package.text->max_tokens);
        Prepared text;
        text.tokens.assign(static_cast<std::size_t>(length), package.text->pad_id);
        inputs.assign(kTexts, text);
    } else {
        const auto& settings = package.image->preprocess;
        constexpr std::size_t kPictures = 4;
        Prepared picture;
        picture.pixels.resize(static_cast<std::size_t>(settings.output_height()) *
                              static_cast<std::size_t>(settings.output_width()) * 3);
        inputs.assign(kPictures, picture);
    }
    std::vector<const Prepared*> batch;
    for (const auto& input : inputs)
        batch.push_back(&input);
    std::vector<float> vectors(batch.size() * static_cast<std::size_t>(package.dim));
    encoder.encode(batch, vectors);
    const auto start = Clock::now();
    double seconds = 0;
    double done = 0;
    while (seconds < kLongEnough) {
        encoder.encode(batch, vectors);
        done += static_cast<double>(batch.size());
        seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    return done / seconds;
}

Precision resolve_precision(const Package& package, const Device& device, int threads,
                            const LoadOptions& options) {
    if (const auto named = precision_named(options.precision)) {
        check_precision(*named, device);
        return *named;
    }
    const auto cpu = this_cpu();
    const auto key = precision_key(package.fingerprint(name_of(Precision::kFp32)),
                                   processor_of(device), threads);
    const auto measure = [&] {
        const auto speed = [&](Precision precision) {
            PackageEncoder encoder(package, device, precision, threads, {});
            return speed_of(encoder, package);
        };
        return MeasuredSpeeds{speed(Precision::kFp32), speed(Precision::kBf16)};
    };
    const auto choice = choose_precision(device, cpu, key, precision_memory_file(), measure);
    // A choice that nothing was measured for is no news.
    if (options.note && (device.cuda() || cpu.bf16)) options.note(choice.note);
    return choice.precision;
}

std::filesystem::path models_directory() {
    if (const char* set = std::getenv("PMATCH_MODELS"); set != nullptr && *set != '\0') return set;
    return precision_memory_file().parent_path() / "models";
}

constexpr const char* kHowToGetOne =
    "export one: .venv/bin/python scripts/export_model.py --help; $PMATCH_MODELS says where "
    "packages are";

bool is_package(const std::filesystem::path& directory) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(directory / "model.json", ignored);
}

}  // namespace

std::vector<std::unique_ptr<Encoder>> load_encoders(const std::filesystem::path& package,
                                                    const LoadOptions& options) {
    // The one that can: a space of int8 vectors is queried on the CPU beside a GPU too.
    const bool int8 = options.device == "auto" && options.precision == "int8";
    const auto devices = choose_devices(int8 ? "cpu" : options.device, cuda_devices());
    if (options.threads < 0) {
        throw UsageError{fmt::format("{} threads are too few", options.threads),
                         "use 0 for all cores, or a number from 1"};
    }
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int threads = options.threads > 0 ? options.threads : std::max(cores, 1);
    precision_named(options.precision);  // a wrong word is told before a missing package
    const auto read = read_package(package);
    if (read.task == kCaptioningTask) {
        throw UsageError{
            fmt::format("the package '{}' writes captions, it gives no vectors", read.name),
            "use it with `pmatch caption`"};
    }
    const auto precision = resolve_precision(read, devices.front(), threads, options);
    std::vector<std::unique_ptr<Encoder>> encoders;
    for (const auto& device : devices) {
        encoders.push_back(
            std::make_unique<PackageEncoder>(read, device, precision, threads, options.note));
    }
    return encoders;
}

std::unique_ptr<Encoder> load_encoder(const std::filesystem::path& package,
                                      const LoadOptions& options) {
    auto first = options;
    first.device = options.device.substr(0, options.device.find(','));
    return std::move(load_encoders(package, first).front());
}

std::filesystem::path find_package(std::string_view name_or_path) {
    std::filesystem::path path(name_or_path);
    if (is_package(path)) return path;
    if (path.has_parent_path()) {
        throw Error{
            fmt::format("there is no model package '{}': it holds no model.json", name_or_path),
            path, kHowToGetOne};
    }
    auto named = models_directory() / path;
    if (is_package(named)) return named;
    const auto beside = std::filesystem::path("packages") / path;
    throw Error{fmt::format("there is no model package '{}': no model.json in {} nor in {}",
                            name_or_path, path.string(), named.string()),
                {},
                is_package(beside) ? fmt::format("give its path: --model {}", beside.string())
                                   : kHowToGetOne};
}

}  // namespace pmatch
