#include "models/runtime/cpu.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace pmatch {
namespace {

/// The value of the first line `key : value`; empty if there is none.
std::string value_of(std::string_view cpuinfo, std::string_view key) {
    std::istringstream lines{std::string(cpuinfo)};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(key)) continue;
        const auto colon = line.find(':');
        if (colon == std::string::npos || line.find_first_not_of(" \t", key.size()) != colon) {
            continue;
        }
        const auto begin = line.find_first_not_of(' ', colon + 1);
        return begin == std::string::npos ? "" : line.substr(begin);
    }
    return "";
}

}  // namespace

Cpu parse_cpu(std::string_view cpuinfo) {
    Cpu cpu;
    if (auto name = value_of(cpuinfo, "model name"); !name.empty()) cpu.model = std::move(name);
    std::istringstream words(value_of(cpuinfo, "flags") + " " + value_of(cpuinfo, "Features"));
    std::set<std::string> flags;
    for (std::string word; words >> word;)
        flags.insert(word);
    const auto any = [&](std::initializer_list<const char*> names) {
        for (const auto* name : names) {
            if (flags.contains(name)) return true;
        }
        return false;
    };
    cpu.bf16 = any({"amx_bf16"});
    cpu.int8 = any({"avx512_vnni", "avx_vnni", "amx_int8", "i8mm"});
    return cpu;
}

Cpu limited(Cpu cpu, std::string_view max_isa) {
    // oneDNN's names of instruction sets below AMX, and below VNNI.
    static const std::set<std::string_view> without_amx{"SSE41",
                                                        "AVX",
                                                        "AVX2",
                                                        "AVX2_VNNI",
                                                        "AVX2_VNNI_2",
                                                        "AVX512_CORE",
                                                        "AVX512_CORE_VNNI",
                                                        "AVX512_CORE_BF16",
                                                        "AVX512_CORE_FP16",
                                                        "AVX10_1_512"};
    static const std::set<std::string_view> without_int8{"SSE41", "AVX", "AVX2", "AVX512_CORE"};
    std::string name(max_isa);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    cpu.bf16 = cpu.bf16 && !without_amx.contains(name);
    cpu.int8 = cpu.int8 && !without_int8.contains(name);
    return cpu;
}

Cpu this_cpu() {
    if (const char* flags = std::getenv("PMATCH_CPU_FLAGS"); flags != nullptr) {
        return parse_cpu(std::string("flags : ") + flags);
    }
    std::ostringstream text;
    text << std::ifstream("/proc/cpuinfo").rdbuf();
    const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
    return limited(parse_cpu(text.str()), limit == nullptr ? "" : limit);
}

}  // namespace pmatch
