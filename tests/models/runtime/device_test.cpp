#include "models/runtime/device.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "models/runtime/precision.hpp"

namespace {

using pmatch::choose_devices;
using pmatch::Device;
using pmatch::Precision;

const Device kCpu;

Device gpu(int number) {
    return {Device::Kind::kCuda, number};
}

std::string complaint(const char* wanted, int gpus) {
    try {
        choose_devices(wanted, gpus);
    } catch (const pmatch::UsageError& e) {
        CHECK_FALSE(e.remedy().empty());
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a device option names the CPU or some GPUs") {
    CHECK(choose_devices("auto", 0) == std::vector{kCpu});
    CHECK(choose_devices("auto", 2) == std::vector{gpu(0)});
    CHECK(choose_devices("cpu", 2) == std::vector{kCpu});
    CHECK(choose_devices("cuda", 2) == std::vector{gpu(0)});
    CHECK(choose_devices("cuda:1", 2) == std::vector{gpu(1)});
    CHECK(choose_devices("cuda:2,0", 3) == std::vector{gpu(2), gpu(0)});
    CHECK(gpu(3).name() == "cuda:3");
    CHECK(kCpu.name() == "cpu");
}

TEST_CASE("a device that is not there or not meant is refused by name") {
    CHECK(complaint("tpu", 1) == "unknown device 'tpu'");
    CHECK(complaint("cudax", 1) == "unknown device 'cudax'");
    CHECK(complaint("cuda", 0) == "there is no device cuda:0: torch finds 0 CUDA devices");
    CHECK(complaint("cuda:1", 1) == "there is no device cuda:1: torch finds 1 CUDA device");
    CHECK(complaint("cuda:", 1) == "unknown device 'cuda:': '' is no device number");
    CHECK(complaint("cuda:0,", 1) == "unknown device 'cuda:0,': '' is no device number");
    CHECK(complaint("cuda:-1", 1) == "unknown device 'cuda:-1': '-1' is no device number");
    CHECK(complaint("cuda:1x", 2) == "unknown device 'cuda:1x': '1x' is no device number");
    CHECK(complaint("cuda:0,0", 2) == "device cuda:0 is given twice");
    CHECK(complaint("cuda:99999999999", 2) ==
          "unknown device 'cuda:99999999999': '99999999999' is no device number");
}

TEST_CASE("a precision is known by its name and fits its device") {
    CHECK_FALSE(pmatch::precision_named("auto"));
    for (const char* name : {"fp32", "bf16", "fp16", "int8"})
        CHECK(pmatch::name_of(*pmatch::precision_named(name)) == name);
    CHECK_THROWS_AS(pmatch::precision_named("fp8"), pmatch::UsageError);
    CHECK_NOTHROW(pmatch::check_precision(Precision::kBf16, kCpu));
    CHECK_NOTHROW(pmatch::check_precision(Precision::kFp16, gpu(0)));
    CHECK_THROWS_AS(pmatch::check_precision(Precision::kFp16, kCpu), pmatch::UsageError);
    CHECK_THROWS_AS(pmatch::check_precision(Precision::kInt8, gpu(0)), pmatch::UsageError);
}
