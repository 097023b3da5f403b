/// model.json of packages that embed, and of those that write captions or read words.
#include "models/captioner/caption_package.hpp"
#include "models/package/package.hpp"
#include "models/reader/reading_package.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::write_scratch("model.json", fuzz::text_of(data, size));
    fuzz::allow_errors([&] {
        const auto package = read_package(file.parent_path());
        if (package.task == kCaptioningTask) {
            (void)read_caption_package(file.parent_path());
            return;
        }
        if (package.task == kReadingTask) {
            (void)read_reading_package(file.parent_path());
            return;
        }
        fuzz::require(package.dim > 0 && package.fingerprint("fp32").size() == 64);
        for (const auto& [name, record] : package.files)
            fuzz::require(name.find("..") == std::string::npos || name.front() != '.');
    });
    return 0;
}
