#include "models/encoder/load_encoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "core/common/error.hpp"
#include "models/encoder/package_encoder.hpp"
#include "models/package/package.hpp"
#include "models/runtime/auto_precision.hpp"
#include "models/runtime/cpu.hpp"
#include "models/runtime/device.hpp"
#include "models/runtime/module.hpp"

namespace pmatch {
namespace {

std::vector<std::unique_ptr<Encoder>> encoders_on(const std::vector<Device>& devices,
                                                  const Package& package, Precision precision,
                                                  int threads, const LoadOptions& options) {
    std::vector<std::unique_ptr<Encoder>> encoders;
    for (const auto& device : devices) {
        encoders.push_back(
            std::make_unique<PackageEncoder>(package, device, precision, threads, options));
    }
    return encoders;
}

/// Reports the choice of "auto": as a note if it depends on the machine, else as a detail.
void tell(const AutoPrecision& choice, const LoadOptions& options) {
    const auto text = "precision auto: " + choice.reason;
    if (choice.precision == Precision::kFp32) {
        if (options.detail) options.detail(text);
    } else if (options.note) {
        options.note(text +
                     "; other machines may take fp32: name --precision where several share "
                     "the work");
    }
}

std::vector<std::unique_ptr<Encoder>> encoders_by_choice(const std::vector<Device>& devices,
                                                         const Package& package, int threads,
                                                         const LoadOptions& options) {
    auto choice = choose_precision(package, devices.front(), this_cpu());
    if (choice.precision != Precision::kFp32) {
        try {
            auto encoders = encoders_on(devices, package, choice.precision, threads, options);
            tell(choice, options);
            return encoders;
        } catch (const NothingToLower&) {
            choice = {Precision::kFp32, "fp32, because the module has no step that bf16 changes"};
        }
    }
    tell(choice, options);
    return encoders_on(devices, package, choice.precision, threads, options);
}

std::filesystem::path models_directory() {
    if (const char* set = std::getenv("PMATCH_MODELS"); set != nullptr && *set != '\0') return set;
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "." : home) / ".cache" / "pmatch" / "models";
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
    // int8 needs the CPU: a space of int8 vectors is queried there even if there is a GPU.
    const bool int8 = options.device == "auto" && options.precision == "int8";
    const auto devices = choose_devices(int8 ? "cpu" : options.device, cuda_devices());
    if (options.threads < 0) {
        throw UsageError{fmt::format("{} threads are too few", options.threads),
                         "use 0 for all cores, or a number from 1"};
    }
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int threads = options.threads > 0 ? options.threads : std::max(cores, 1);
    const auto named = precision_named(options.precision);  // a wrong word before a missing package
    const auto read = read_package(package);
    if (read.writes_texts()) {
        throw UsageError{
            fmt::format("the package '{}' writes captions, it gives no vectors", read.name),
            "use it with `pmatch caption`"};
    }
    if (!named) return encoders_by_choice(devices, read, threads, options);
    check_precision(*named, devices.front());
    return encoders_on(devices, read, *named, threads, options);
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
