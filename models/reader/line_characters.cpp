#include "models/reader/line_characters.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "models/package/package_fields.hpp"

namespace pmatch {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{16} << 20U;

}  // namespace

LineCharacters::LineCharacters(std::vector<std::string> characters)
    : characters_(std::move(characters)) {}

LineCharacters LineCharacters::read(const std::filesystem::path& file) {
    const auto json = nlohmann::json::parse(read_file(file, kMaxBytes), nullptr, false);
    std::vector<std::string> characters;
    if (json.is_array()) {
        for (const auto& value : json) {
            if (value.is_string()) characters.push_back(value.get<std::string>());
        }
    }
    if (characters.size() < 2 || characters.size() != json.size()) {
        throw Error{"the file holds no JSON array of characters", file, kExportAgain};
    }
    return LineCharacters(std::move(characters));
}

LineText LineCharacters::decode(std::span<const ColumnGuess> columns) const {
    LineText line;
    std::size_t count = 0;
    std::int32_t before = 0;
    for (const auto& column : columns) {
        const auto number = column.character;
        if (number < 0 || static_cast<std::size_t>(number) >= characters_.size()) {
            throw Error{fmt::format("the recogniser names the character {}, there are {}", number,
                                    characters_.size()),
                        {},
                        kExportAgain};
        }
        if (number != 0 && number != before) {
            line.text += characters_[static_cast<std::size_t>(number)];
            line.sureness += double{column.probability};
            ++count;
        }
        before = number;
    }
    if (count > 0) line.sureness /= static_cast<double>(count);
    return line;
}

}  // namespace pmatch
