/// Pictures of each format, within small limits.
#include "data/pictures/image_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint64_t kMostPixels = 1U << 20U;
    const auto result = decode_picture({data, size}, kMostPixels);
    if (const auto* problem = std::get_if<Problem>(&result)) {
        fuzz::require(!problem->code.empty());
        return 0;
    }
    const auto& image = std::get<Image>(result);
    const auto pixels =
        static_cast<std::uint64_t>(image.width) * static_cast<unsigned>(image.height);
    fuzz::require(image.width > 0 && image.height > 0 && pixels <= kMostPixels &&
                  image.rgb.size() == pixels * 3);
    return 0;
}
