#include "models/runtime/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr std::string_view kCuda = "cuda";
constexpr const char* kWords = "use auto, cpu, cuda, cuda:N or cuda:N,M (numbers from 0)";

int device_number(std::string_view text, std::string_view wanted, int gpus) {
    int number = -1;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || number < 0) {
        throw UsageError{fmt::format("unknown device '{}': '{}' is no device number", wanted, text),
                         kWords};
    }
    if (number >= gpus) {
        throw UsageError{
            fmt::format("there is no device cuda:{}: torch finds {} CUDA device{}", number, gpus,
                        gpus == 1 ? "" : "s"),
            gpus == 0 ? "use --device cpu, or a machine with a GPU and a CUDA build of torch "
                        "(scripts/setup.sh --cuda)"
                      : fmt::format("use a number from 0 to {}", gpus - 1)};
    }
    return number;
}

}  // namespace

std::string Device::name() const {
    return cuda() ? fmt::format("cuda:{}", number) : "cpu";
}

std::vector<Device> choose_devices(std::string_view wanted, int gpus) {
    const Device cpu;
    if (wanted == "cpu" || (wanted == "auto" && gpus == 0)) return {cpu};
    if (wanted == "auto") return {{Device::Kind::kCuda, 0}};
    if (!wanted.starts_with(kCuda) || (wanted != kCuda && wanted[kCuda.size()] != ':')) {
        throw UsageError{fmt::format("unknown device '{}'", wanted), kWords};
    }
    auto rest = wanted == kCuda ? std::string_view("0") : wanted.substr(kCuda.size() + 1);
    std::vector<Device> devices;
    while (true) {
        const auto comma = rest.find(',');
        const Device device{Device::Kind::kCuda,
                            device_number(rest.substr(0, comma), wanted, gpus)};
        if (std::find(devices.begin(), devices.end(), device) != devices.end()) {
            throw UsageError{fmt::format("device {} is given twice", device.name()), kWords};
        }
        devices.push_back(device);
        if (comma == std::string_view::npos) return devices;
        rest.remove_prefix(comma + 1);
    }
}

}  // namespace pmatch
