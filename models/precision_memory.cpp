#include "models/precision_memory.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/atomic_file.hpp"
#include "core/error.hpp"
#include "core/json_complaint.hpp"

namespace pmatch {
namespace {

using nlohmann::json;

/// Below this, bf16's rounding is not worth its speed.
constexpr double kWorthwhile = 1.2;
constexpr double kInt8Worthwhile = 1.5;
constexpr std::uint64_t kMaxFile = 1U << 20U;
constexpr std::string_view kSchemaName = "pmatch.precision";
constexpr int kVersion = 1;

json empty_memory() {
    return {{"schema", kSchemaName}, {"version", kVersion}, {"measured", json::object()}};
}

/// What the file holds; `complaint` says why it holds nothing that can be used.
json read_memory(const std::filesystem::path& file, std::string& complaint) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return empty_memory();
    try {
        auto memory = json::parse(read_file(file, kMaxFile));
        if (memory.at("schema") == kSchemaName && memory.at("version") == kVersion &&
            memory.at("measured").is_object()) {
            return memory;
        }
        complaint = "it is of another kind or version";
    } catch (const Error& e) {
        complaint = e.what();
    } catch (const json::exception& e) {
        complaint = json_complaint(e);
    }
    return empty_memory();
}

std::optional<AutoPrecision> remembered(const json& memory, const std::string& key, Int8 int8) {
    const auto& measured = memory.at("measured");
    const auto entry = measured.find(key);
    if (entry == measured.end() || !entry->is_object()) return std::nullopt;
    const auto name = entry->value("precision", json());
    const auto with_int8 = entry->value("int8", 0.0) > 0;
    if (with_int8 != (int8 == Int8::kWhereFaster)) return std::nullopt;
    for (const auto precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
        if (name != name_of(precision)) continue;
        if (precision == Precision::kInt8 && !with_int8) break;
        return AutoPrecision{precision, fmt::format("precision auto: {}, as measured here before",
                                                    name_of(precision))};
    }
    return std::nullopt;
}

AutoPrecision decide(const MeasuredSpeeds& speeds) {
    if (speeds.int8 > 0) {
        const auto other =
            speeds.bf16 >= kWorthwhile * speeds.fp32 ? Precision::kBf16 : Precision::kFp32;
        const double best = other == Precision::kBf16 ? speeds.bf16 : speeds.fp32;
        const auto choice = speeds.int8 >= kInt8Worthwhile * best ? Precision::kInt8 : other;
        return {choice, fmt::format("precision auto: {}, because int8 measured {:.2f} times as "
                                    "fast as {} here",
                                    name_of(choice), speeds.int8 / best, name_of(other))};
    }
    const bool worth = speeds.bf16 >= kWorthwhile * speeds.fp32;
    return {
        worth ? Precision::kBf16 : Precision::kFp32,
        fmt::format("precision auto: {}, because bf16 measured {:.2f} times as fast as fp32 "
                    "({:.1f} and {:.1f} inputs/s)",
                    worth ? "bf16" : "fp32", speeds.bf16 / speeds.fp32, speeds.bf16, speeds.fp32)};
}

/// What went wrong, or nothing.
std::string remember(json memory, const std::string& key, const AutoPrecision& choice,
                     const MeasuredSpeeds& speeds, const std::filesystem::path& file) {
    memory["measured"][key] = {
        {"precision", name_of(choice.precision)}, {"fp32", speeds.fp32}, {"bf16", speeds.bf16}};
    if (speeds.int8 > 0) memory["measured"][key]["int8"] = speeds.int8;
    try {
        std::filesystem::create_directories(file.parent_path());
        AtomicFile out(file);
        out.write(memory.dump(1) + "\n");
        out.publish();
    } catch (const std::exception& e) {
        return e.what();
    }
    return "";
}

}  // namespace

std::string precision_key(const std::string& fingerprint, const std::string& processor,
                          int threads) {
    return fmt::format("{:.16} on {}, {} threads", fingerprint, processor, threads);
}

AutoPrecision choose_precision(const Device& device, const Cpu& cpu, const std::string& key,
                               const std::filesystem::path& file,
                               const std::function<MeasuredSpeeds()>& measure, Int8 int8) {
    if (!device.cuda() && !cpu.bf16 && int8 == Int8::kNever) {
        return {Precision::kFp32,
                "precision auto: fp32, because this processor has no bf16 instructions"};
    }
    std::string complaint;
    const auto memory = read_memory(file, complaint);
    if (auto known = remembered(memory, key, int8)) return *known;
    const auto speeds = measure();
    auto choice = decide(speeds);
    if (!complaint.empty()) {
        choice.note +=
            fmt::format("; {} could not be used and is replaced: {}", file.string(), complaint);
    }
    if (const auto failed = remember(memory, key, choice, speeds, file); !failed.empty()) {
        choice.note += fmt::format("; it cannot be remembered in {}: {}", file.string(), failed);
    }
    return choice;
}

std::string processor_of(const Device& device) {
    if (!device.cuda()) return this_cpu().model;
    std::error_code ignored;
    for (const auto& gpu :
         std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
        std::ifstream information(gpu.path() / "information");
        std::string line;
        if (std::getline(information, line)) return line;
    }
    return "cuda";
}

std::filesystem::path precision_memory_file() {
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home == nullptr ? "." : home) / ".cache" / "pmatch" /
           "precision.json";
}

}  // namespace pmatch
