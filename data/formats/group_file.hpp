/// Files of groups, as `pmatch match --format csv` writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pmatch {

/// The columns `group`, a number from 1, and `item` of a CSV or TSV file: number → items. Throws
/// Error, naming the line, for a group that is no number and an item that comes twice.
std::map<std::int64_t, std::vector<std::string>> read_groups(const std::filesystem::path& file);

}  // namespace pmatch
