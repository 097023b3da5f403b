#include "models/load_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <thread>

#include "core/error.hpp"
#include "models/image_encoder.hpp"
#include "models/module.hpp"
#include "models/package.hpp"
#include "models/text_encoder.hpp"
#include "models/workers.hpp"

namespace pmatch {
namespace {

constexpr std::string_view kPrecision = "fp32";

class PackageEncoder final : public Encoder {
public:
    PackageEncoder(const Package& package, Device device, int threads) : threads_(threads) {
        info_.name = package.name;
        info_.package = package.directory.string();
        info_.fingerprint = package.fingerprint(kPrecision);
        info_.precision = kPrecision;
        info_.dim = package.dim;
        info_.normalized = package.normalized;
        if (package.image) image_.emplace(package, device);
        if (package.text) text_.emplace(package, device);
        info_.images = image_.has_value();
        info_.texts = text_.has_value();
        // A GPU takes one pass after the other.
        if (device == Device::kCpu && threads > 1) {
            workers_.emplace(threads, [] { set_threads_of_a_pass(1); });
        }
    }

    const EncoderInfo& info() const override { return info_; }

    Prepared prepare(const Image& image) const override {
        if (!image_) throw no_tower("pictures");
        Prepared prepared;
        prepared.pixels = image_->pixels(image);
        return prepared;
    }

    Prepared prepare(std::string_view text, TextRole role) const override {
        if (!text_) throw no_tower("texts");
        Prepared prepared;
        prepared.tokens = text_->tokens(text, role);
        return prepared;
    }

    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        if (batch.empty()) return;
        const auto wanted = batch.size() * static_cast<std::size_t>(info_.dim);
        if (vectors.size() != wanted) {
            throw Error{fmt::format("there is room for {} floats, the vectors have {}",
                                    vectors.size(), wanted),
                        {},
                        "give batch size x dimension floats"};
        }
        if (batch.front()->pixels.empty()) {
            if (!text_) throw no_tower("texts");
            encode_with(*text_, batch, vectors);
        } else {
            if (!image_) throw no_tower("pictures");
            encode_with(*image_, batch, vectors);
        }
        check_finite(vectors);
    }

private:
    template <typename Tower>
    void encode_with(const Tower& tower, std::span<const Prepared* const> batch,
                     std::span<float> vectors) {
        const auto ends = tower.plan(batch);
        const auto dim = static_cast<std::size_t>(info_.dim);
        const auto pass = [&](std::size_t i) {
            const auto begin = i == 0 ? 0 : ends[i - 1];
            tower.forward(batch.subspan(begin, ends[i] - begin),
                          vectors.subspan(begin * dim, (ends[i] - begin) * dim));
        };
        if (workers_ && ends.size() > 1) {
            workers_->run(ends.size(), pass);
            return;
        }
        set_threads_of_a_pass(threads_);  // torch keeps the number per calling thread
        for (std::size_t i = 0; i < ends.size(); ++i)
            pass(i);
    }

    Error no_tower(std::string_view kind) const {
        return {fmt::format("the model '{}' takes no {}", info_.name, kind), info_.package,
                fmt::format("use a model package that embeds {}", kind)};
    }

    /// A failure must never pass for a vector.
    void check_finite(std::span<const float> vectors) const {
        if (std::all_of(vectors.begin(), vectors.end(), [](float v) { return std::isfinite(v); })) {
            return;
        }
        throw Error{fmt::format("the model '{}' returned values that are not finite", info_.name),
                    info_.package, "export the package again with scripts/export_model.py"};
    }

    EncoderInfo info_;
    std::optional<TextEncoder> text_;
    std::optional<ImageEncoder> image_;
    int threads_;
    std::optional<Workers> workers_;
};

Device choose_device(const std::string& name) {
    if (name == "cpu") return Device::kCpu;
    if (name != "auto" && name != "cuda") {
        throw UsageError{fmt::format("unknown device '{}'", name), "use auto, cpu or cuda"};
    }
    if (cuda_is_available()) return Device::kCuda;
    if (name == "auto") return Device::kCpu;
    throw UsageError{"torch finds no CUDA device", "use --device cpu, or set up with --cuda"};
}

void check_precision(const std::string& name) {
    if (name == "auto" || name == kPrecision) return;
    throw UsageError{fmt::format("unknown precision '{}'", name), "use auto or fp32"};
}

std::filesystem::path models_directory() {
    if (const char* set = std::getenv("PMATCH_MODELS"); set != nullptr && *set != '\0') return set;
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "." : home) / ".cache" / "pmatch" / "models";
}

bool is_package(const std::filesystem::path& directory) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(directory / "model.json", ignored);
}

}  // namespace

std::unique_ptr<Encoder> load_encoder(const std::filesystem::path& package,
                                      const LoadOptions& options) {
    const auto device = choose_device(options.device);
    check_precision(options.precision);
    if (options.threads < 0) {
        throw UsageError{fmt::format("{} threads are too few", options.threads),
                         "use 0 for all cores, or a number from 1"};
    }
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int threads = options.threads > 0 ? options.threads : std::max(cores, 1);
    return std::make_unique<PackageEncoder>(read_package(package), device, threads);
}

std::filesystem::path find_package(std::string_view name_or_path) {
    std::filesystem::path path(name_or_path);
    if (is_package(path)) return path;
    auto named = models_directory() / path;
    if (path.is_relative() && is_package(named)) return named;
    throw Error{fmt::format("there is no model package '{}': no model.json in {} nor in {}",
                            name_or_path, path.string(), named.string()),
                {},
                fmt::format("export one: .venv/bin/python scripts/export_model.py --help; "
                            "$PMATCH_MODELS says where packages are")};
}

}  // namespace pmatch
