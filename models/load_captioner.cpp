#include "models/load_captioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/error.hpp"
#include "models/caption_package.hpp"
#include "models/module.hpp"
#include "models/package_captioner.hpp"
#include "models/precision_memory.hpp"
#include "models/sha256.hpp"

namespace pmatch {
namespace {

CaptionSettings completed(const CaptionPackage& package, CaptionSettings settings) {
    if (settings.prompt.empty()) settings.prompt = package.prompt.text;
    if (settings.max_tokens == 0) settings.max_tokens = package.max_new_tokens;
    if (settings.repetition_penalty == 0) settings.repetition_penalty = package.repetition_penalty;
    if (settings.view != "anyres" && settings.view != "single") {
        throw UsageError{fmt::format("there is no view '{}'", settings.view),
                         "give --view anyres or --view single"};
    }
    if (settings.max_tokens < 1) {
        throw UsageError{fmt::format("{} tokens make no caption", settings.max_tokens),
                         "give --max-tokens a number from 1"};
    }
    if (!(settings.repetition_penalty > 0)) {
        throw UsageError{
            fmt::format("a repetition penalty of {} has no meaning", settings.repetition_penalty),
            "give a number from 1, which is no penalty"};
    }
    return settings;
}

std::string fingerprint_of(const CaptionPackage& package, const CaptionSettings& settings,
                           std::string_view precision) {
    return sha256(nlohmann::json{{"package", package.decisive},
                                 {"prompt", settings.prompt},
                                 {"max_tokens", settings.max_tokens},
                                 {"view", settings.view},
                                 {"repetition_penalty", settings.repetition_penalty},
                                 {"precision", std::string(precision)}}
                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

/// Captions a second of a black picture, with few tokens.
double speed_of(const CaptionPackage& package, CaptionSettings settings, const Device& device,
                Precision precision, CaptionerOptions options) {
    constexpr int kTokens = 16;
    constexpr int kSide = 64;
    settings.view = "single";
    settings.max_tokens = kTokens;
    options.batch = 1;
    auto endless = package;
    endless.stop_tokens.clear();
    PackageCaptioner captioner(endless, settings, device, precision, options);
    const Image black{kSide, kSide, std::vector<std::uint8_t>(std::size_t{kSide} * kSide * 3)};
    const auto picture = captioner.prepare(black);
    const PreparedPicture* input = &picture;
    captioner.caption({&input, 1}, {});
    const auto start = std::chrono::steady_clock::now();
    captioner.caption({&input, 1}, {});
    return 1 / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Precision resolve(const CaptionPackage& package, const CaptionSettings& settings,
                  const Device& device, const CaptionerOptions& options) {
    if (const auto named = precision_named(options.load.precision)) {
        check_precision(*named, device);
        return *named;
    }
    const auto key =
        precision_key(sha256(package.decisive), processor_of(device), options.load.threads);
    const auto choice = choose_precision(
        device, this_cpu(), key, precision_memory_file(),
        [&] {
            const auto speed = [&](Precision precision) {
                return speed_of(package, settings, device, precision, options);
            };
            MeasuredSpeeds speeds{speed(Precision::kFp32)};
            if (device.cuda() || this_cpu().bf16) speeds.bf16 = speed(Precision::kBf16);
            if (!device.cuda()) speeds.int8 = speed(Precision::kInt8);
            return speeds;
        },
        device.cuda() ? Int8::kNever : Int8::kWhereFaster);
    if (options.load.note) options.load.note(choice.note);
    return choice.precision;
}

}  // namespace

CaptionSettings complete_settings(const std::filesystem::path& package,
                                  const CaptionSettings& settings) {
    return completed(read_caption_package(package), settings);
}

std::string caption_fingerprint(const std::filesystem::path& package,
                                const CaptionSettings& settings, const std::string& precision) {
    const auto read = read_caption_package(package);
    return fingerprint_of(read, completed(read, settings), precision);
}

std::unique_ptr<Captioner> load_captioner(const std::filesystem::path& directory,
                                          const CaptionerOptions& options) {
    const bool int8 = options.load.device == "auto" && options.load.precision == "int8";
    const auto devices = choose_devices(int8 ? "cpu" : options.load.device, cuda_devices());
    if (devices.size() > 1) {
        throw UsageError{
            fmt::format("captions are written on one device, {} are named", devices.size()),
            "give --device cuda:N"};
    }
    if (options.load.threads < 0) {
        throw UsageError{fmt::format("{} threads are too few", options.load.threads),
                         "use 0 for all cores, or a number from 1"};
    }
    precision_named(options.load.precision);  // a wrong word is told before a missing package
    const auto package = read_caption_package(directory);
    const auto settings = completed(package, options.settings);
    auto given = options;
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    if (given.load.threads == 0) given.load.threads = std::max(cores, 1);
    const auto precision = resolve(package, settings, devices.front(), given);
    return std::make_unique<PackageCaptioner>(package, settings, devices.front(), precision, given);
}

}  // namespace pmatch
