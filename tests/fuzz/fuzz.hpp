/// What the fuzz targets share. A target takes any bytes; what it throws but pmatch::Error, and
/// what a sanitizer or a check of its own says, is a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "core/common/error.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace pmatch::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool good) {
    if (!good) std::abort();
}

/// A refusal is fine when it says what to do.
template <typename Job>
void allow_errors(const Job& job) {
    try {
        job();
    } catch (const Error& error) {
        require(!error.remedy().empty() && *error.what() != '\0');
    }
}

/// A directory of this process, in memory where there is one; removed at the end.
const std::filesystem::path& scratch();

/// Writes scratch() / name and gives its path.
std::filesystem::path write_scratch(const char* name, std::string_view content);

}  // namespace pmatch::fuzz
