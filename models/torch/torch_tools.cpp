#include "models/torch/torch_tools.hpp"

#include <c10/util/Exception.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string_view>

namespace pmatch {

std::string torch_reason(const std::exception& e) {
    const std::string text = e.what();
    constexpr std::string_view kMark = "RuntimeError: ";
    const auto mark = text.rfind(kMark);
    const auto begin = mark == std::string::npos ? 0 : mark + kMark.size();
    return text.substr(begin, text.find('\n', begin) - begin);
}

bool is_out_of_memory(const std::exception& e) {
    if (dynamic_cast<const c10::OutOfMemoryError*>(&e) != nullptr ||
        dynamic_cast<const std::bad_alloc*>(&e) != nullptr) {
        return true;
    }
    const std::string_view text = e.what();
    constexpr std::array kWords{"out of memory", "not enough memory", "allocate memory",
                                "bad_alloc"};
    return std::any_of(kWords.begin(), kWords.end(), [&](const char* words) {
        return text.find(words) != std::string_view::npos;
    });
}

void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
#endif
}

void ask_for_huge_pages() {
#ifdef __linux__
    setenv("THP_MEM_ALLOC_ENABLE", "1", /*overwrite=*/0);  // NOLINT(concurrency-mt-unsafe)
#endif
}

c10::Device torch_device(const Device& device) {
    if (!device.cuda()) return {c10::DeviceType::CPU};
    return {c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device.number)};
}

}  // namespace pmatch
