/// Headers of tar archives.
#include <fstream>

#include "data/pictures/tar_headers.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::scratch() / "pictures.tar";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    fuzz::allow_errors([&] {
        for (const auto& [name, entry] : detail::read_tar_headers(file)) {
            fuzz::require(!name.empty() && name.front() != '/');
            fuzz::require(entry.offset <= size && entry.size <= size - entry.offset);
        }
    });
    return 0;
}
