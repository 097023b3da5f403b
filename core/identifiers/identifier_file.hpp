/// Internal to core: the layout of an .exact file.
///
///     header   IdentifierHeader
///     entries  IdentifierEntry [entries]   ascending by key, row, column; no two are equal
///     names    the columns' names, each with a zero byte behind it
///
/// All numbers are little-endian.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <span>

#include "core/common/remedy.hpp"
#include "core/identifiers/identifier_list.hpp"

namespace pmatch {

static_assert(std::endian::native == std::endian::little, "the file is mapped as it lies");

struct IdentifierHeader {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t header_size;
    std::uint64_t file_size;
    std::uint64_t entries;
    std::uint32_t columns;
    std::uint32_t names_size;  ///< bytes
    std::array<char, 32> stamp;
    std::array<std::uint8_t, 16> checksum;  ///< XXH3-128 of all preceding bytes
};
static_assert(sizeof(IdentifierHeader) == 88);

inline constexpr std::array<char, 8> kIdentifierMagic{'P', 'M', 'E', 'X', 'A', 'C', 'T', '\n'};
inline constexpr std::uint32_t kMostIdentifierColumns = 64;

Hash128 checksum_of(const IdentifierHeader& header);

bool operator<(const IdentifierEntry& a, const IdentifierEntry& b);

struct IdentifierSections {
    std::span<const IdentifierEntry> entries;
    IdentifierListInfo info;
};

/// Throws Error, naming `file`, unless all that a search follows is inside `bytes`.
IdentifierSections check_identifiers(std::span<const std::byte> bytes,
                                     const std::filesystem::path& file);

/// The remedy for any damage to a list.
inline Remedy identifier_remedy() {
    return {"make the list again:", {{"doctor", {}, {"--repair"}}}};
}

}  // namespace pmatch
