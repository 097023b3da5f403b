// pmatch_resize: pictures in, resized ones out. One request on stdin is nine 32-bit integers
// (width, height, new width, new height, filter 0 bilinear 1 bicubic 2 lanczos, and the window
// left, top, width, height) and width x height x 3 bytes; the answer is the window's bytes.
#include <array>
#include <cstdint>
#include <cstdio>

#include "models/preprocess/resample.hpp"

int main() {
    std::array<std::int32_t, 9> request{};
    while (std::fread(request.data(), sizeof(std::int32_t), request.size(), stdin) ==
           request.size()) {
        pmatch::Image image{request[0], request[1], {}};
        image.rgb.resize(static_cast<std::size_t>(image.width) *
                         static_cast<std::size_t>(image.height) * 3);
        if (std::fread(image.rgb.data(), 1, image.rgb.size(), stdin) != image.rgb.size()) return 1;
        const auto out =
            pmatch::resample(image, request[2], request[3], static_cast<pmatch::Filter>(request[4]),
                             {request[5], request[6], request[7], request[8]});
        std::fwrite(out.data(), 1, out.size(), stdout);
        std::fflush(stdout);
    }
    return 0;
}
