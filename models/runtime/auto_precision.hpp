/// What `--precision auto` means: decided by the package and the processor's instructions, never
/// by a stopwatch, so that equal machines make equal bytes.
#pragma once

#include <string>
#include <string_view>

#include "models/package/package.hpp"
#include "models/runtime/cpu.hpp"
#include "models/runtime/device.hpp"
#include "models/runtime/precision.hpp"

namespace pmatch {

/// The largest loss (see Package::losses) at which vectors answer as those of fp32 do: noise of
/// this size moved recall@1/5/10 of Abt-Buy and Grocery by .002 at most in the mean of five seeds,
/// three times as much by .0027 (scripts/bench/precision_recall.py --noise).
inline constexpr double kHarmlessLoss = 1e-4;

struct AutoPrecision {
    Precision precision = Precision::kFp32;
    std::string reason;  ///< a clause for people: "bf16, because …"
};

/// The package records that vectors of this precision answer as those of fp32 do; true of fp32.
bool is_harmless(const Package& package, std::string_view precision);

/// bf16 where the package records that it is harmless and the processor multiplies it (a GPU
/// always does), else fp32.
AutoPrecision choose_precision(const Package& package, const Device& device, const Cpu& cpu);

/// What makes `precision` slower than fp32 here; empty where nothing does.
std::string slow_here(Precision precision, const Device& device, const Cpu& cpu);

}  // namespace pmatch
