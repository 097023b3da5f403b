#include "data/formats/other_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/common/error.hpp"
#include "core/text/ascii.hpp"
#include "core/text/escape.hpp"
#include "data/formats/input_file.hpp"

namespace pmatch {
namespace {

constexpr const char* kConvert = "convert it: scripts/convert_catalog.py {} catalog.csv";

struct OtherFormat {
    std::string_view start;      ///< in small letters; empty: not told by it
    std::string_view extension;  ///< empty: not told by it
    const char* what;
    const char* fix;  ///< {}: the file
};

constexpr std::array kFormats{
    OtherFormat{"pk\x03\x04", ".xlsx", "an Excel workbook (or another ZIP file)", kConvert},
    OtherFormat{"par1", ".parquet", "a Parquet file", kConvert},
    OtherFormat{"\xD0\xCF\x11\xE0", ".xls", "an old Excel workbook", "save it as .xlsx or CSV"},
    OtherFormat{"", ".ods", "a workbook", "save it as CSV in UTF-8"},
    OtherFormat{"\x1F\x8B", ".gz", "compressed", "unpack it: gunzip {}"},
    OtherFormat{"", ".zip", "a ZIP file", "unpack it: unzip {}"},
    OtherFormat{"%pdf", ".pdf", "a PDF document", "get the table that it was made from"},
    OtherFormat{"<!doctype html", ".html", "a web page", "check what answered in the file's place"},
    OtherFormat{"<html", ".htm", "a web page", "check what answered in the file's place"},
    OtherFormat{"<?xml", ".xml", "XML", "write its records as CSV or JSON lines"},
};

[[noreturn]] void throw_is_other(const OtherFormat& format, const std::string& name) {
    throw Error{fmt::format("the file is {}, no table of text", format.what), name,
                fmt::format(fmt::runtime(format.fix), shell_word(name))};
}

}  // namespace

void check_is_no_other_format(std::string_view start, const std::string& name) {
    const auto small = ascii::lowercase(start);
    for (const auto& format : kFormats) {
        if (!format.start.empty() && small.starts_with(format.start)) throw_is_other(format, name);
    }
}

void check_is_no_other_format(const std::filesystem::path& file) {
    const auto extension = lower_extension(file);
    for (const auto& format : kFormats) {
        if (extension == format.extension) throw_is_other(format, file.string());
    }
}

}  // namespace pmatch
