/// What the processor can do.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

struct Cpu {
    std::string model = "unknown";
    /// Multiplies bf16 in tiles (AMX): embedding in bf16 measured 1.96 times as fast as in fp32.
    /// Not claimed for AVX512-BF16 alone (.68 times) nor for Arm (not measured).
    bool bf16 = false;
    bool int8 = false;  ///< multiplies int8 without widening: VNNI or AMX, on Arm i8mm
};

/// Without what oneDNN, which multiplies for torch, may not use: `max_isa` is the value of
/// ONEDNN_MAX_CPU_ISA, empty for no limit.
Cpu limited(Cpu cpu, std::string_view max_isa);

/// From the text of /proc/cpuinfo.
Cpu parse_cpu(std::string_view cpuinfo);

/// This machine's, limited by ONEDNN_MAX_CPU_ISA. Without /proc nothing is claimed.
/// PMATCH_CPU_FLAGS in the environment stands for the flags of /proc/cpuinfo and for the limit:
/// what is decided by them is decided as on that processor (a fleet's weakest one, or one in a
/// test).
Cpu this_cpu();

}  // namespace pmatch
