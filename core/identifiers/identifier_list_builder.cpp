#include <algorithm>

#include "core/common/schema.hpp"
#include "core/identifiers/identifier.hpp"
#include "core/identifiers/identifier_file.hpp"
#include "core/identifiers/identifier_list.hpp"

namespace pmatch {

IdentifierListBuilder::IdentifierListBuilder(std::vector<std::string> columns) {
    for (auto& name : columns)
        columns_.push_back({std::move(name), 0, {}});
}

void IdentifierListBuilder::add(std::int64_t row, std::size_t column, std::string_view cell) {
    for (const auto one : identifiers_in(cell))
        add_one(row, column, one);
}

void IdentifierListBuilder::add_one(std::int64_t row, std::size_t column, std::string_view cell) {
    const auto place = static_cast<std::uint32_t>(column);
    auto& of_column = columns_[column];
    if (const auto number = trade_number(cell)) {
        ++of_column.checked;
        entries_.push_back({key_of_trade_number(*number), row, place});
        return;
    }
    const auto part = part_number(cell);
    if (part.empty()) return;
    auto& entries = has_trade_length(cell) ? of_column.unchecked : entries_;
    entries.push_back({key_of_part_number(part, of_column.name), row, place});
}

std::int64_t IdentifierListBuilder::finish() {
    std::int64_t left_out = 0;
    for (auto& column : columns_) {
        const auto unchecked = static_cast<std::int64_t>(column.unchecked.size());
        if (column.checked > unchecked) {
            left_out += unchecked;
        } else {
            entries_.insert(entries_.end(), column.unchecked.begin(), column.unchecked.end());
        }
        column.unchecked.clear();
    }
    std::sort(entries_.begin(), entries_.end());
    entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
    return left_out;
}

FileRecord IdentifierListBuilder::write(const std::filesystem::path& file,
                                        const std::string& stamp) const {
    std::string names;
    for (const auto& column : columns_)
        names += column.name + '\0';
    IdentifierHeader header{};
    header.magic = kIdentifierMagic;
    header.version = static_cast<std::uint32_t>(kIdentifierSchema.current);
    header.header_size = sizeof header;
    header.entries = entries_.size();
    header.columns = static_cast<std::uint32_t>(columns_.size());
    header.names_size = static_cast<std::uint32_t>(names.size());
    header.file_size = sizeof header + entries_.size() * sizeof(IdentifierEntry) + names.size();
    std::copy_n(stamp.begin(), std::min(stamp.size(), header.stamp.size()), header.stamp.begin());
    header.checksum = checksum_of(header).bytes;
    AtomicFile out(file);
    out.write(&header, sizeof header);
    out.write(entries_.data(), entries_.size() * sizeof(IdentifierEntry));
    out.write(names);
    return out.publish();
}

}  // namespace pmatch
