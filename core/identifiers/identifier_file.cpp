#include "core/identifiers/identifier_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <tuple>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"

namespace pmatch {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw Error{"the list of identifiers is damaged: " + what, file.string(), identifier_remedy()};
}

IdentifierHeader read_header(std::span<const std::byte> bytes, const std::filesystem::path& file) {
    IdentifierHeader header{};
    if (bytes.size() < sizeof header) {
        fail(file,
             fmt::format("it has {} bytes, its header alone {}", bytes.size(), sizeof header));
    }
    std::memcpy(&header, bytes.data(), sizeof header);
    const bool ours = header.magic == kIdentifierMagic;
    check_schema(kIdentifierSchema, ours ? kIdentifierSchema.name : "unknown",
                 ours ? static_cast<int>(header.version) : 0, file.string());
    if (header.header_size != sizeof header) fail(file, "its header has another size");
    if (checksum_of(header).bytes != header.checksum) fail(file, "its header's checksum is wrong");
    if (header.file_size != bytes.size()) {
        fail(file,
             fmt::format("it has {} bytes, its header says {}", bytes.size(), header.file_size));
    }
    const auto rest = bytes.size() - sizeof header;
    if (header.entries > rest / sizeof(IdentifierEntry) ||
        rest - header.entries * sizeof(IdentifierEntry) != header.names_size) {
        fail(file, "its sections have other sizes than its header says");
    }
    if (header.columns == 0 || header.columns > kMostIdentifierColumns)
        fail(file, "it says it has no columns, or too many");
    return header;
}

std::vector<std::string> names_of(std::string_view names) {
    std::vector<std::string> columns;
    while (!names.empty()) {
        const auto end = std::min(names.find('\0'), names.size());
        columns.emplace_back(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return columns;
}

void check_entries(const IdentifierSections& sections, const std::filesystem::path& file) {
    const IdentifierEntry* former = nullptr;
    for (const auto& entry : sections.entries) {
        if (former != nullptr && !(*former < entry)) fail(file, "its entries do not ascend");
        if (entry.row < 0 || entry.column >= sections.info.columns.size() || entry.unused != 0)
            fail(file, "an entry names what is not there");
        former = &entry;
    }
}

}  // namespace

Hash128 checksum_of(const IdentifierHeader& header) {
    return hash128(
        std::as_bytes(std::span(&header, 1)).first(offsetof(IdentifierHeader, checksum)));
}

bool operator<(const IdentifierEntry& a, const IdentifierEntry& b) {
    return std::tie(a.key, a.row, a.column) < std::tie(b.key, b.row, b.column);
}

IdentifierSections check_identifiers(std::span<const std::byte> bytes,
                                     const std::filesystem::path& file) {
    const auto header = read_header(bytes, file);
    bytes = bytes.subspan(sizeof header);
    IdentifierSections sections;
    // The map is page-aligned, the header and an entry are multiples of 8 bytes.
    sections.entries = {reinterpret_cast<const IdentifierEntry*>(bytes.data()),
                        static_cast<std::size_t>(header.entries)};
    const auto names = bytes.subspan(sections.entries.size_bytes());
    sections.info.columns = names_of({reinterpret_cast<const char*>(names.data()), names.size()});
    if (sections.info.columns.size() != header.columns)
        fail(file, "it names another number of columns than it says");
    sections.info.stamp.assign(header.stamp.data(), header.stamp.size());
    sections.info.entries = static_cast<std::int64_t>(header.entries);
    check_entries(sections, file);
    return sections;
}

}  // namespace pmatch
