#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/fuzz/fuzz.hpp"

namespace pmatch::fuzz {
namespace {

struct Scratch {
    std::filesystem::path path;

    Scratch() {
        // There it may be, and yet not for everybody, as in a sandbox.
        const std::filesystem::path memory("/dev/shm");
        const auto root =
            ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
        path = root / ("pmatch-fuzz-" + std::to_string(::getpid()));
        std::filesystem::create_directories(path);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

const std::filesystem::path& scratch() {
    static const Scratch directory;
    return directory.path;
}

std::filesystem::path write_scratch(const char* name, std::string_view content) {
    auto file = scratch() / name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
}

}  // namespace pmatch::fuzz
