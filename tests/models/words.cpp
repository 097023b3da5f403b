/// Prints what a package reads in pictures, one JSON array a picture: each line's text, mean
/// probability and corners.
///
/// usage: pmatch_words PACKAGE THREADS PICTURE…
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "core/threads/parallel.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/reader/word_reader.hpp"
#include "models/runtime/module.hpp"

using namespace pmatch;

namespace {

nlohmann::json json_of(const ReadLine& line) {
    auto corners = nlohmann::json::array();
    for (const auto& corner : line.box)
        corners.push_back({corner.x, corner.y});
    return {{"text", line.text}, {"sureness", line.sureness}, {"box", corners}};
}

std::string read(const WordReader& reader, const std::filesystem::path& file) {
    set_threads_of_a_pass(1);
    auto picture = FilePictureReader().read(file, std::nullopt);
    if (const auto* problem = std::get_if<Problem>(&picture))
        throw Error{problem->detail, file, "give a picture that can be read"};
    auto lines = nlohmann::json::array();
    for (const auto& line : reader.read(std::get<Image>(picture)))
        lines.push_back(json_of(line));
    return lines.dump();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        const WordReader reader(read_reading_package(arguments.at(0)), Device{}, Precision::kFp32);
        std::vector<std::string> lines(arguments.size() - 2);
        const auto work = [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i)
                lines[i] = read(reader, arguments[i + 2]);
        };
        for_pieces(lines.size(), std::stoi(arguments.at(1)), work, 1);
        for (const auto& line : lines)
            std::cout << line << '\n';
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
