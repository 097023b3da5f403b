// Shows scripts what the readers of data/ make of a file.
//   probe csv < FILES          per file (a line with its size, then its bytes) one line: a JSON
//                              array of rows, each an array of cells or {"problem": code}
//   probe pictures < PATHS     per path a line `code width height`, then the RGB bytes
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "data/formats/csv.hpp"
#include "data/pictures/image_reader.hpp"

namespace {

void probe_csv() {
    std::string size;
    while (std::getline(std::cin, size)) {
        std::string text(std::stoul(size), ' ');
        std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
        std::istringstream input(text);
        pmatch::CsvParser parser(input, ',');
        nlohmann::json rows = nlohmann::json::array();
        for (pmatch::CsvRow row; parser.next(row);) {
            rows.push_back(row.problem.code.empty()
                               ? nlohmann::json(row.cells)
                               : nlohmann::json{{"problem", row.problem.code}});
        }
        std::cout << rows.dump() << '\n';
    }
}

void probe_pictures() {
    const pmatch::FilePictureReader reader;
    std::string path;
    while (std::getline(std::cin, path)) {
        const auto result = reader.read(path, std::nullopt);
        if (const auto* problem = std::get_if<pmatch::Problem>(&result)) {
            fmt::print("{} 0 0\n", problem->code);
            continue;
        }
        const auto& image = std::get<pmatch::Image>(result);
        fmt::print("ok {} {}\n", image.width, image.height);
        std::fwrite(image.rgb.data(), 1, image.rgb.size(), stdout);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc == 2 ? argv[1] : "";
    if (what == "csv") {
        probe_csv();
    } else if (what == "pictures") {
        probe_pictures();
    } else {
        return 2;
    }
    return 0;
}
