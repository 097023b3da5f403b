#include "models/kinds/package_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/captioner/caption_network.hpp"
#include "models/captioner/caption_package.hpp"
#include "models/reader/reading_package.hpp"
#include "models/runtime/auto_precision.hpp"

namespace pmatch {
namespace {

constexpr std::array kFilterNames{"bilinear", "bicubic", "lanczos"};

std::string prefix_phrase(const std::string& side, const std::string& prefix) {
    return prefix.empty() ? fmt::format("no prefix for {}", side)
                          : fmt::format("'{}' before {}", prefix, side);
}

std::string text_phrase(const TextSettings& text) {
    return fmt::format("at most {} tokens, special ones included; {}; {}", text.max_tokens,
                       prefix_phrase("queries", text.query_prefix),
                       prefix_phrase("documents", text.document_prefix));
}

std::string picture_phrase(const PreprocessSettings& settings) {
    const auto* filter = kFilterNames.at(static_cast<std::size_t>(settings.filter));
    auto phrase = settings.mode == PreprocessSettings::Mode::kShortest
                      ? fmt::format("shorter side to {}", settings.shortest)
                      : fmt::format("squashed to {} x {} (height x width)", settings.resize_height,
                                    settings.resize_width);
    phrase += fmt::format(", {}, antialiased", filter);
    if (settings.crop) {
        phrase += fmt::format("; centre {} x {}", (*settings.crop)[0], (*settings.crop)[1]);
    }
    const auto& m = settings.mean;
    const auto& s = settings.std;
    return phrase + fmt::format(
                        "; (pixel x {:.6g} - mean) / std, mean {:.6g} {:.6g} {:.6g}, std "
                        "{:.6g} {:.6g} {:.6g} (R G B)",
                        settings.rescale, m[0], m[1], m[2], s[0], s[1], s[2]);
}

std::string caption_phrase(const CaptionPackage& package) {
    return fmt::format(
        "at most {} tokens, repetition penalty {:.6g}; views of {} pixels, {} tokens each; keys "
        "and values of a token take {} bytes in fp32",
        package.max_new_tokens, package.repetition_penalty, package.tiling.side,
        package.tiling.grid * package.tiling.grid,
        cache_bytes_a_token(package.shape, Precision::kFp32));
}

std::string search_phrase(const ReadingPackage& package) {
    return fmt::format(
        "longer side at most {}, shorter at least {}, for the detector at least {}; text from "
        "{:.2g}, boxes from {:.2g}, grown by {:.3g}; (pixel / 255 - {:.6g}) / {:.6g} (R G B)",
        package.search.longest, package.search.shortest, package.detect.side,
        package.detect.boxes.text, package.detect.boxes.sure, package.detect.boxes.grow,
        package.mean, package.std);
}

std::string lines_phrase(const ReadingPackage& package) {
    return fmt::format(
        "{} pixels high, turned from {:.2g}, taken from a mean probability of {:.2g}",
        package.lines.height, package.turn.sure, package.lines.sure);
}

std::string joined(const std::map<std::string, std::string>& notes) {
    std::string text;
    for (const auto& [name, value] : notes)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
    return text;
}

std::string golden_phrase(const Package& package) {
    const auto pictures = std::count_if(package.golden.begin(), package.golden.end(),
                                        [](const Golden& golden) { return !golden.image.empty(); });
    return fmt::format("{} texts, {} pictures", static_cast<long>(package.golden.size()) - pictures,
                       pictures);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> words_of(const Package& package) {
    std::vector<std::pair<std::string, std::string>> words;
    const auto line = [&](const char* label, const std::string& text) {
        if (!text.empty()) words.emplace_back(label, text);
    };
    const auto source = [&](const char* key) {
        const auto found = package.source.find(key);
        return found == package.source.end() ? std::string("not recorded") : found->second;
    };
    line("package", package.directory.string());
    line("name", package.name);
    line("task", package.task);
    line("family", package.family);
    if (package.task == kCaptioningTask) {
        const auto caption = read_caption_package(package.directory);
        line("picture", picture_phrase(caption.preprocess));
        line("captions", caption_phrase(caption));
        line("prompt", caption.prompt.text);
    } else if (package.task == kReadingTask) {
        const auto reading = read_reading_package(package.directory);
        line("picture", search_phrase(reading));
        line("lines", lines_phrase(reading));
    } else {
        line("vector", fmt::format("{} values, {} pooling{}", package.dim, package.pooling,
                                   package.normalized ? ", unit length" : ""));
    }
    if (package.text) line("text", text_phrase(*package.text));
    if (package.image) line("picture", picture_phrase(package.image->preprocess));
    line("licence", source("licence"));
    line("weights", source("weights"));
    line("exporter", joined(package.exporter));
    if (!package.writes_texts()) line("golden", golden_phrase(package));
    return words;
}

std::string loss_phrase(const Package& package, const std::string& precision) {
    if (precision == "fp32") return "none";
    const auto loss = package.losses.find(precision);
    if (loss == package.losses.end()) return "not recorded";
    return fmt::format("{:.2g}{}", loss->second,
                       is_harmless(package, precision) ? ", harmless" : "");
}

}  // namespace pmatch
