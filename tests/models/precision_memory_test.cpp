#include "models/precision_memory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/support/temp_dir.hpp"

namespace {

using pmatch::Cpu;
using pmatch::Device;
using pmatch::Precision;
using pmatch::test::TempDir;

/// Counts how often it was asked.
struct Stopwatch {
    double fp32;
    double bf16;
    int asked = 0;
};

pmatch::AutoPrecision choose(Stopwatch& watch, const std::filesystem::path& file, bool instructions,
                             const std::string& key = "a package on a processor") {
    Cpu cpu;
    cpu.bf16 = instructions;
    return pmatch::choose_precision(Device{}, cpu, key, file, [&] {
        ++watch.asked;
        return pmatch::MeasuredSpeeds{watch.fp32, watch.bf16};
    });
}

bool says(const pmatch::AutoPrecision& choice, const char* words) {
    return choice.note.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a processor says whether it multiplies bf16 and int8") {
    const auto plain = pmatch::parse_cpu(
        "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC\nflags\t\t: fpu avx2 fma\n");
    CHECK(plain.model == "AMD EPYC");
    CHECK_FALSE(plain.bf16);
    CHECK_FALSE(plain.int8);
    const auto server = pmatch::parse_cpu("model name\t: Xeon\nflags\t\t: avx512_vnni amx_bf16\n");
    CHECK(server.bf16);
    CHECK(server.int8);
    const auto arm = pmatch::parse_cpu("Features\t: fp asimd i8mm bf16\n");
    CHECK(arm.bf16);
    CHECK(arm.int8);
    CHECK(pmatch::parse_cpu("").model == "unknown");
}

TEST_CASE("int8 is measured where it may be chosen, and taken where it is half as fast again") {
    const TempDir directory("precision-int8");
    const auto file = directory / "precision.json";
    const auto choose_with = [&](double int8, const char* key) {
        return pmatch::choose_precision(
                   Device{}, Cpu{}, key, file,
                   [&] {
                       return pmatch::MeasuredSpeeds{10, 0, int8};
                   },
                   pmatch::Int8::kWhereFaster)
            .precision;
    };
    CHECK(choose_with(14.9, "slow") == Precision::kFp32);
    CHECK(choose_with(15, "fast") == Precision::kInt8);
    CHECK(choose_with(1, "fast") == Precision::kInt8);  // remembered
    Stopwatch watch{10, 20};
    CHECK(choose(watch, file, true, "fast").precision == Precision::kBf16);
    CHECK(watch.asked == 1);
}

TEST_CASE("auto takes fp32 without measuring where there are no bf16 instructions") {
    const TempDir directory("precision-none");
    Stopwatch watch{1, 9};
    const auto choice = choose(watch, directory / "precision.json", false);
    CHECK(choice.precision == Precision::kFp32);
    CHECK(says(choice, "no bf16 instructions"));
    CHECK(watch.asked == 0);
    CHECK_FALSE(std::filesystem::exists(directory / "precision.json"));
}

TEST_CASE("auto takes bf16 where it is worth it, and measures once") {
    const TempDir directory("precision-once");
    const auto file = directory / "cache" / "precision.json";
    Stopwatch fast{100, 190};
    CHECK(choose(fast, file, true).precision == Precision::kBf16);
    const auto again = choose(fast, file, true);
    CHECK(again.precision == Precision::kBf16);
    CHECK(says(again, "measured here before"));
    CHECK(fast.asked == 1);
    Stopwatch alike{100, 110};
    CHECK(choose(alike, file, true, "another package").precision == Precision::kFp32);
    CHECK(choose(alike, file, true, "another package").precision == Precision::kFp32);
    CHECK(alike.asked == 1);
    CHECK(choose(fast, file, true).precision == Precision::kBf16);
}

TEST_CASE("a damaged memory of precisions is replaced, and said so") {
    for (const std::string damage :
         {"", "{\"schema\": \"pmatch.precision\", \"ver", "[]", "{}",
          R"({"schema": "pmatch.precision", "version": 9, "measured": {}})",
          R"({"schema": "pmatch.precision", "version": 1, "measured": 7})"}) {
        CAPTURE(damage);
        const TempDir directory("precision-damaged");
        const auto file = directory / "precision.json";
        std::ofstream(file) << damage;
        Stopwatch watch{100, 190};
        CHECK(says(choose(watch, file, true), "could not be used"));
        CHECK_FALSE(says(choose(watch, file, true), "could not be used"));
        CHECK(watch.asked == 1);
    }
    const TempDir directory("precision-wrong-entry");
    const auto file = directory / "precision.json";
    std::ofstream(file) << R"({"schema": "pmatch.precision", "version": 1,
                              "measured": {"a package on a processor": {"precision": "int8"}}})";
    Stopwatch watch{100, 190};
    CHECK(choose(watch, file, true).precision == Precision::kBf16);
    CHECK(watch.asked == 1);
}

TEST_CASE("a memory of precisions that cannot be written stops nothing") {
    const TempDir directory("precision-unwritable");
    std::ofstream(directory / "file") << "in the way";
    Stopwatch watch{100, 190};
    const auto choice = choose(watch, directory / "file" / "precision.json", true);
    CHECK(choice.precision == Precision::kBf16);
    CHECK(says(choice, "cannot be remembered"));
}
