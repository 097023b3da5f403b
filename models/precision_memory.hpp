/// What `--precision auto` decides, and what it remembers of it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "models/cpu.hpp"
#include "models/device.hpp"
#include "models/precision.hpp"

namespace pmatch {

/// Inputs per second, of the same batch on the same threads.
struct MeasuredSpeeds {
    double fp32 = 0;
    double bf16 = 0;  ///< 0 = not measured
    double int8 = 0;  ///< 0 = not measured
};

/// Whether int8 may be chosen: it costs accuracy, and where a decoder writes, it saves most of the
/// time.
enum class Int8 { kNever, kWhereFaster };

struct AutoPrecision {
    Precision precision = Precision::kFp32;
    std::string note;  ///< for the user: what was chosen and why
};

/// A machine and a package, as the remembered choices are told apart.
std::string precision_key(const std::string& fingerprint, const std::string& processor,
                          int threads);

/// What tells one machine from another as far as speed goes.
std::string processor_of(const Device& device);

/// Where choices are remembered: ~/.cache/pmatch/precision.json.
std::filesystem::path precision_memory_file();

/// bf16 where it is at least 1.2 times as fast as fp32, else fp32; with Int8::kWhereFaster int8
/// where that is at least 1.5 times as fast as both. Nothing is measured where there is no choice:
/// on a CPU without bf16 instructions and Int8::kNever. A choice made before is taken from `file`,
/// a new one written to it in one rename; a file that cannot be read is replaced, one that cannot
/// be written is only noted.
AutoPrecision choose_precision(const Device& device, const Cpu& cpu, const std::string& key,
                               const std::filesystem::path& file,
                               const std::function<MeasuredSpeeds()>& measure,
                               Int8 int8 = Int8::kNever);

}  // namespace pmatch
