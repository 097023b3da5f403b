/// Capabilities of the processor.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

struct Cpu {
    std::string model = "unknown";
    /// Has bf16 tile multiplication (AMX): embedding in bf16 measured 1.96 times as fast as in
    /// fp32. False for AVX512-BF16 alone (.68 times) and for Arm (not measured).
    bool bf16 = false;
    bool int8 = false;  ///< has int8 dot products: VNNI or AMX, on Arm i8mm
};

/// Removes what oneDNN, torch's matrix library, may not use: `max_isa` is the value of
/// ONEDNN_MAX_CPU_ISA, empty for no limit.
Cpu limited(Cpu cpu, std::string_view max_isa);

/// Parses the text of /proc/cpuinfo.
Cpu parse_cpu(std::string_view cpuinfo);

/// This machine's processor, limited by ONEDNN_MAX_CPU_ISA. All false without /proc. The
/// environment variable PMATCH_CPU_FLAGS replaces the flags of /proc/cpuinfo and the limit, to
/// decide as on another processor (the weakest of a fleet, or one in a test).
Cpu this_cpu();

}  // namespace pmatch
