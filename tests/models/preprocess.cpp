// pmatch_preprocess PACKAGE: what an image model gets of a picture. Paths on stdin, one a line;
// each is answered by a line `code height width` and, when the code is `ok`, height x width x 3
// float32 in the order row, column, channel.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/package/package.hpp"
#include "models/preprocess/preprocess.hpp"

namespace {

void preprocess(const pmatch::Preprocessor& preprocessor, const std::string& path) {
    const auto read = pmatch::FilePictureReader().read(path, std::nullopt);
    if (const auto* problem = std::get_if<pmatch::Problem>(&read)) {
        fmt::print("{} 0 0\n", problem->code);
        return;
    }
    std::vector<float> values(preprocessor.size());
    preprocessor.normalise(preprocessor.resize(std::get<pmatch::Image>(read)), values);
    fmt::print("ok {} {}\n", preprocessor.height(), preprocessor.width());
    std::fwrite(values.data(), sizeof(float), values.size(), stdout);
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 2) throw pmatch::UsageError{"one argument is expected", "give a PACKAGE"};
        const auto package = pmatch::read_package(arguments[1]);
        const pmatch::Preprocessor preprocessor(package.image.value().preprocess);
        std::string path;
        while (std::getline(std::cin, path)) {
            preprocess(preprocessor, path);
            std::fflush(stdout);
        }
        return 0;
    } catch (const pmatch::Error& error) {
        fmt::print(stderr, "{} ({})\n", error.what(), error.file());
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
    }
    return 1;
}
