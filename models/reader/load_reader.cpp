#include "models/reader/load_reader.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"
#include "core/encoders/reading_captioner.hpp"
#include "models/package/sha256.hpp"
#include "models/reader/word_reader.hpp"
#include "models/runtime/module.hpp"

namespace pmatch {
namespace {

Device device_for(const LoadOptions& options) {
    const auto devices = choose_devices(options.device, cuda_devices());
    if (devices.size() > 1) {
        throw UsageError{fmt::format("words are read on one device, {} are named", devices.size()),
                         "give --device cuda:N"};
    }
    return devices.front();
}

std::string fingerprint_of(const ReadingPackage& package, std::string_view precision) {
    const nlohmann::json all{{"package", package.decisive}, {"precision", std::string(precision)}};
    return sha256(all.dump());
}

std::string_view without_blanks(std::string_view line) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(' ') + 1 - begin);
}

/// A line of text a line: lines are what was seen together.
std::string text_of(const WordReader& reader, const Image& image) {
    // Pictures are read side by side by the caller's threads.
    set_threads_of_a_pass(1);
    std::string text;
    for (const auto& line : reader.read(image)) {
        const auto words = without_blanks(line.text);
        if (!words.empty()) text.append(text.empty() ? "" : "\n").append(words);
    }
    return text;
}

}  // namespace

std::string reading_fingerprint(const std::filesystem::path& package,
                                const std::string& precision) {
    return fingerprint_of(read_reading_package(package), precision);
}

std::unique_ptr<Captioner> load_reader(const std::filesystem::path& directory,
                                       const LoadOptions& options) {
    const auto named = precision_named(options.precision);  // a wrong word before a missing package
    auto package = read_reading_package(directory);
    const auto device = device_for(options);
    const auto precision = named.value_or(Precision::kFp32);
    check_precision(precision, device);
    CaptionerInfo info;
    info.name = package.package.name;
    info.package = package.package.directory.string();
    info.precision = name_of(precision);
    info.device = device.name();
    info.fingerprint = fingerprint_of(package, info.precision);
    const auto reader = std::make_shared<const WordReader>(std::move(package), device, precision);
    return std::make_unique<ReadingCaptioner>(
        [reader](const Image& image) { return text_of(*reader, image); },
        Problem{kNoWords, "the picture shows no words that could be read"}, std::move(info));
}

}  // namespace pmatch
