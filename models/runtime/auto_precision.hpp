/// Resolves `--precision auto` from the package and the processor's instructions, never by
/// measuring time, so that equal machines give equal bytes.
#pragma once

#include <string>
#include <string_view>

#include "models/package/package.hpp"
#include "models/runtime/cpu.hpp"
#include "models/runtime/device.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

/// The largest loss (see Package::losses) at which results equal those of fp32: noise of this size
/// changed recall@1/5/10 on Abt-Buy and Grocery by at most .002 on average over five seeds, three
/// times as much by .0027 (scripts/bench/precision_recall.py --noise).
inline constexpr double kHarmlessLoss = 1e-4;

struct AutoPrecision {
    Precision precision = Precision::kFp32;
    std::string reason;  ///< a clause for people: "bf16, because …"
};

/// Whether the package records that results at this precision equal those of fp32; true for fp32.
bool is_harmless(const Package& package, std::string_view precision);

/// bf16 if it is recorded as harmless and the processor has bf16 matrix instructions (GPUs always
/// do), else fp32.
AutoPrecision choose_precision(const Package& package, const Device& device, const Cpu& cpu);

/// Why `precision` is slower than fp32 here; empty if it is not.
std::string slow_here(Precision precision, const Device& device, const Cpu& cpu);

}  // namespace pmatch
