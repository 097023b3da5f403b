#include "data/formats/table_format.hpp"

#include <string_view>

#include "data/formats/input_file.hpp"

namespace pmatch {

std::string problem_of_delimiter(const std::string& delimiter) {
    if (delimiter == "tab" || delimiter == "\\t") return {};
    const bool is_one_byte =
        delimiter.size() == 1 && static_cast<unsigned char>(delimiter[0]) < 128;
    if (is_one_byte && std::string_view("\"\r\n").find(delimiter[0]) == std::string_view::npos)
        return {};
    return "give one ASCII character, or tab";
}

bool is_table(const std::filesystem::path& file, const TableFormat& format) {
    const auto extension = lower_extension(file);
    if (extension == ".jsonl" || extension == ".ndjson") return false;
    return extension == ".csv" || extension == ".tsv" || !format.delimiter.empty();
}

char separator_of(const std::filesystem::path& file, const TableFormat& format) {
    if (format.delimiter == "tab" || format.delimiter == "\\t") return '\t';
    if (!format.delimiter.empty()) return format.delimiter.front();
    return lower_extension(file) == ".tsv" ? '\t' : ',';
}

}  // namespace pmatch
