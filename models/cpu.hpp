/// What the processor can do.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

struct Cpu {
    std::string model = "unknown";
    bool bf16 = false;  ///< multiplies bf16: AVX512-BF16 or AMX, on Arm its own instructions
    bool int8 = false;  ///< multiplies int8 without widening: VNNI or AMX, on Arm i8mm
};

/// From the text of /proc/cpuinfo.
Cpu parse_cpu(std::string_view cpuinfo);

/// This machine's. Without /proc nothing is claimed.
Cpu this_cpu();

}  // namespace pmatch
