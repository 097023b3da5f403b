// pmatch_caption PACKAGE: what a captioner makes of pictures. One JSON object a line on stdin:
//   {"do": "plan", "sizes": [[height, width], …]}        → [[views, tokens], …]
//   {"do": "views" | "features" | "logits", "picture": FILE, "to": FILE, "answer": [ids]}   → "ok"
//   {"do": "caption", "pictures": [FILE, …]}              → {"tokens": […], "texts": […],
//   "seconds": …}
// All but the first also take view, prompt, max_tokens, penalty, stop, batch, precision, device,
// threads.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/captioner/package_captioner.hpp"

namespace {

using nlohmann::json;
using pmatch::PackageCaptioner;

pmatch::PreparedPicture prepare(const PackageCaptioner& captioner, const std::string& file) {
    const auto read = pmatch::FilePictureReader().read(file, std::nullopt);
    if (const auto* problem = std::get_if<pmatch::Problem>(&read)) {
        throw pmatch::Error{problem->detail, file, "give a picture"};
    }
    return captioner.prepare(std::get<pmatch::Image>(read));
}

template <typename Value>
void write(const json& order, const std::vector<Value>& values) {
    std::ofstream out(order.at("to").get<std::string>(), std::ios::binary);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(Value)));
}

class Checks {
public:
    explicit Checks(const std::string& package) : package_(pmatch::read_caption_package(package)) {}

    json answer(const json& order) {
        const auto what = order.at("do").get<std::string>();
        if (what == "plan") return plan(order);
        auto& captioner = captioner_for(order);
        if (what == "caption") return caption(captioner, order);
        const auto picture = prepare(captioner, order.at("picture").get<std::string>());
        if (what == "views") write(order, picture.views);
        if (what == "features") write(order, captioner.features(picture));
        if (what == "logits") {
            write(order, captioner.logits(picture, order.at("answer").get<std::vector<int>>()));
        }
        return "ok";
    }

private:
    json plan(const json& order) const {
        json plans = json::array();
        for (const auto& size : order.at("sizes")) {
            const auto plan = pmatch::plan_tiles(size[0], size[1], package_.tiling);
            plans.push_back({plan.views() + (plan.twin ? 1 : 0), plan.tokens});
        }
        return plans;
    }

    /// The last one is kept: loading takes longer than most checks.
    PackageCaptioner& captioner_for(const json& order) {
        auto settings = order;
        for (const auto* key : {"do", "picture", "pictures", "to", "answer"})
            settings.erase(key);
        if (captioner_ && settings == settings_) return *captioner_;
        captioner_.reset();
        auto package = package_;
        package.stop_tokens = order.value("stop", std::vector<std::int32_t>{});
        pmatch::CaptionSettings wanted;
        wanted.prompt = order.value("prompt", package.prompt.text);
        wanted.max_tokens = order.value("max_tokens", package.max_new_tokens);
        wanted.view = order.value("view", wanted.view);
        wanted.repetition_penalty = order.value("penalty", 1.0);
        pmatch::CaptionerOptions options;
        options.batch = order.value("batch", 1);
        options.load.threads = order.value("threads", 0);
        const pmatch::Device device{order.value("device", "cpu") == "cpu"
                                        ? pmatch::Device::Kind::kCpu
                                        : pmatch::Device::Kind::kCuda};
        const auto precision = pmatch::precision_named(order.value("precision", "fp32"));
        captioner_ =
            std::make_unique<PackageCaptioner>(package, wanted, device, precision.value(), options);
        settings_ = settings;
        return *captioner_;
    }

    static json caption(PackageCaptioner& captioner, const json& order) {
        std::vector<pmatch::PreparedPicture> pictures;
        for (const auto& file : order.at("pictures"))
            pictures.push_back(prepare(captioner, file));
        std::vector<const pmatch::PreparedPicture*> batch;
        for (const auto& picture : pictures)
            batch.push_back(&picture);
        const auto start = std::chrono::steady_clock::now();
        json steps = json::array();
        const auto captions = captioner.caption(batch, [&](std::size_t, std::size_t tokens) {
            const std::chrono::duration<double> so_far = std::chrono::steady_clock::now() - start;
            steps.push_back({tokens, so_far.count()});
            return true;
        });
        json result{{"steps", steps}};
        for (const auto& caption : captions) {
            result["tokens"].push_back(caption.tokens);
            result["texts"].push_back(caption.text);
        }
        return result;
    }

    pmatch::CaptionPackage package_;
    std::unique_ptr<PackageCaptioner> captioner_;
    json settings_;
};

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 2) throw pmatch::UsageError{"one argument is expected", "give a PACKAGE"};
        Checks checks(arguments[1]);
        for (std::string line; std::getline(std::cin, line);)
            std::cout << checks.answer(json::parse(line)).dump() << std::endl;
        return 0;
    } catch (const pmatch::Error& error) {
        fmt::print(stderr, "{} ({})\n", error.what(), error.file());
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
    }
    return 1;
}
