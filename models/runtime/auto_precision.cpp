#include "models/runtime/auto_precision.hpp"

#include <fmt/format.h>

namespace pmatch {

bool is_harmless(const Package& package, std::string_view precision) {
    if (precision == name_of(Precision::kFp32)) return true;
    const auto loss = package.losses.find(std::string(precision));
    return loss != package.losses.end() && loss->second <= kHarmlessLoss;
}

AutoPrecision choose_precision(const Package& package, const Device& device, const Cpu& cpu) {
    constexpr std::string_view kBf16 = "bf16";
    const auto loss = package.losses.find(std::string(kBf16));
    if (loss == package.losses.end()) {
        return {Precision::kFp32,
                "fp32, because the package does not record what bf16 costs its vectors"};
    }
    if (!is_harmless(package, kBf16)) {
        return {Precision::kFp32,
                fmt::format("fp32, because bf16 costs this package's vectors a cosine of {:.2g}, "
                            "more than {:.2g}",
                            loss->second, kHarmlessLoss)};
    }
    if (!device.cuda() && !cpu.bf16) {
        return {Precision::kFp32, "fp32, because this processor has no AMX instructions"};
    }
    return {
        Precision::kBf16,
        fmt::format("bf16, because {} multiplies it and it costs this package's vectors a cosine "
                    "of {:.2g} at most",
                    device.cuda() ? "a GPU" : "this processor", loss->second)};
}

std::string slow_here(Precision precision, const Device& device, const Cpu& cpu) {
    if (precision != Precision::kBf16 || device.cuda() || cpu.bf16) return {};
    return "this processor has no AMX instructions: bf16 takes 1.5 to 4 times as long as fp32 here";
}

}  // namespace pmatch
