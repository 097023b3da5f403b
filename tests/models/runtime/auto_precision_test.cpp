#include "models/runtime/auto_precision.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using pmatch::Cpu;
using pmatch::Device;
using pmatch::Package;
using pmatch::Precision;

Package losing(double loss) {
    Package package;
    package.losses["bf16"] = loss;
    return package;
}

Cpu with_bf16() {
    Cpu cpu;
    cpu.bf16 = true;
    return cpu;
}

const Device kGpu{Device::Kind::kCuda, 0};

bool says(const pmatch::AutoPrecision& choice, const char* words) {
    return choice.reason.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a processor says whether it multiplies bf16 in tiles, and int8") {
    const auto plain = pmatch::parse_cpu(
        "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx2 fma\n");
    CHECK(plain.model == "AMD EPYC");
    CHECK_FALSE(plain.bf16);
    CHECK_FALSE(plain.int8);
    const auto server = pmatch::parse_cpu("model name\t: Xeon\nflags\t\t: avx512_vnni amx_bf16\n");
    CHECK(server.bf16);
    CHECK(server.int8);
    const auto arm = pmatch::parse_cpu("Features\t: fp asimd i8mm bf16\n");
    CHECK_FALSE(arm.bf16);
    CHECK(arm.int8);
    CHECK_FALSE(pmatch::parse_cpu("flags\t\t: avx512_bf16\n").bf16);
    CHECK(pmatch::parse_cpu("").model == "unknown");
}

TEST_CASE("a limit on oneDNN's instructions is a limit on the processor") {
    Cpu cpu = with_bf16();
    cpu.int8 = true;
    for (const char* isa :
         {"", "ALL", "DEFAULT", "AVX512_CORE_AMX", "avx512_core_amx_fp16", "AVX10_1_512_AMX"}) {
        CAPTURE(isa);
        CHECK(pmatch::limited(cpu, isa).bf16);
        CHECK(pmatch::limited(cpu, isa).int8);
    }
    for (const char* isa : {"SSE41", "AVX", "AVX2", "avx512_core"}) {
        CAPTURE(isa);
        CHECK_FALSE(pmatch::limited(cpu, isa).bf16);
        CHECK_FALSE(pmatch::limited(cpu, isa).int8);
    }
    for (const char* isa : {"AVX512_CORE_VNNI", "AVX512_CORE_BF16", "AVX512_CORE_FP16"}) {
        CAPTURE(isa);
        CHECK(pmatch::limited(cpu, isa).int8);
        CHECK_FALSE(pmatch::limited(cpu, isa).bf16);
    }
    CHECK_FALSE(pmatch::limited(Cpu{}, "ALL").bf16);
}

TEST_CASE("auto takes bf16 where it is harmless and the processor multiplies it") {
    const auto choice = pmatch::choose_precision(losing(2e-5), Device{}, with_bf16());
    CHECK(choice.precision == Precision::kBf16);
    CHECK(says(choice, "this processor multiplies it"));
    CHECK(says(choice, "2e-05"));
    CHECK(pmatch::choose_precision(losing(2e-5), kGpu, Cpu{}).precision == Precision::kBf16);
}

TEST_CASE("auto takes fp32 and says why") {
    const auto no_instructions = pmatch::choose_precision(losing(2e-5), Device{}, Cpu{});
    CHECK(no_instructions.precision == Precision::kFp32);
    CHECK(says(no_instructions, "no AMX instructions"));
    const auto no_record = pmatch::choose_precision(Package{}, Device{}, with_bf16());
    CHECK(no_record.precision == Precision::kFp32);
    CHECK(says(no_record, "does not record"));
    for (const auto& device : {Device{}, kGpu}) {
        const auto costly = pmatch::choose_precision(losing(2e-3), device, with_bf16());
        CHECK(costly.precision == Precision::kFp32);
        CHECK(says(costly, "0.002"));
    }
}

TEST_CASE("auto never takes int8, however harmless") {
    Package package;
    package.losses["int8"] = 0;
    Cpu cpu = with_bf16();
    cpu.int8 = true;
    CHECK(pmatch::choose_precision(package, Device{}, cpu).precision == Precision::kFp32);
}

TEST_CASE("what is harmless is what the package records to be so") {
    CHECK(pmatch::is_harmless(Package{}, "fp32"));
    CHECK_FALSE(pmatch::is_harmless(Package{}, "bf16"));
    CHECK(pmatch::is_harmless(losing(pmatch::kHarmlessLoss), "bf16"));
    CHECK_FALSE(pmatch::is_harmless(losing(1.01 * pmatch::kHarmlessLoss), "bf16"));
    CHECK_FALSE(pmatch::is_harmless(losing(0), "int8"));
}

TEST_CASE("a processor without the instructions is said to be slow in bf16, and only there") {
    CHECK(pmatch::slow_here(Precision::kBf16, Device{}, Cpu{}).find("no AMX instructions") !=
          std::string::npos);
    CHECK(pmatch::slow_here(Precision::kBf16, Device{}, with_bf16()).empty());
    CHECK(pmatch::slow_here(Precision::kBf16, kGpu, Cpu{}).empty());
    CHECK(pmatch::slow_here(Precision::kFp32, Device{}, Cpu{}).empty());
    CHECK(pmatch::slow_here(Precision::kInt8, Device{}, Cpu{}).empty());
}
