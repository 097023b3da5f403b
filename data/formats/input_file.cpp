#include "data/formats/input_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"
#include "core/text/ascii.hpp"

namespace pmatch {

std::unique_ptr<std::istream> open_input(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        throw Error{"this is a directory, not a file", file.string(), "name the file in it"};
    }
    auto input = std::make_unique<std::ifstream>(file, std::ios::binary);
    if (!*input) {
        throw Error{fmt::format("the file cannot be opened: {}", system_reason(errno)),
                    file.string(), "check the path"};
    }
    return input;
}

std::string lower_extension(const std::filesystem::path& file) {
    return ascii::lowercase(file.extension().string());
}

}  // namespace pmatch
