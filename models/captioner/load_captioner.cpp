#include "models/captioner/load_captioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/common/error.hpp"
#include "core/text/json_text.hpp"
#include "models/captioner/caption_package.hpp"
#include "models/captioner/package_captioner.hpp"
#include "models/package/sha256.hpp"
#include "models/runtime/module.hpp"

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
    const nlohmann::json all{{"package", package.decisive},
                             {"prompt", settings.prompt},
                             {"max_tokens", settings.max_tokens},
                             {"view", settings.view},
                             {"repetition_penalty", settings.repetition_penalty},
                             {"precision", std::string(precision)}};
    return sha256(json_text(all));
}

/// Lower precisions change the wording of captions, with an unmeasured loss of quality: on the CPU
/// "auto" keeps the reference's precision. On a GPU the reference, too, runs the published 16-bit
/// checkpoints with 16 bits.
Precision resolve(const Device& device, const LoadOptions& options) {
    if (const auto named = precision_named(options.precision)) {
        check_precision(*named, device);
        return *named;
    }
    if (device.cuda()) {
        if (options.note) options.note("precision auto: bf16, because a GPU multiplies it");
        return Precision::kBf16;
    }
    if (options.note) {
        options.note(
            "precision auto: fp32, whose captions are the reference's; --precision int8 writes "
            "several times as fast, and may choose other words");
    }
    return Precision::kFp32;
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
    precision_named(options.load.precision);  // reports a wrong word before a missing package
    const auto package = read_caption_package(directory);
    const auto settings = completed(package, options.settings);
    auto given = options;
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    if (given.load.threads == 0) given.load.threads = std::max(cores, 1);
    const auto precision = resolve(devices.front(), given.load);
    return std::make_unique<PackageCaptioner>(package, settings, devices.front(), precision, given);
}

}  // namespace pmatch
