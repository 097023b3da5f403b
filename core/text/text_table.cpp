#include "core/text/text_table.hpp"

#include <algorithm>
#include <ostream>

#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

std::size_t width_of(const std::string& text) {
    return text.size() -
           static_cast<std::size_t>(std::count_if(text.begin(), text.end(), utf8::is_continuation));
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
    for (auto& cell : cells) {
        for (auto& c : cell) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
        }
    }
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto width = width_of(columns_[i].title);
        for (const auto& row : rows_)
            width = std::max(width, width_of(row[i]));
        widths.push_back(width);
    }
    const auto print_row = [&](const auto& cell_of) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string& cell = cell_of(i);
            const std::string padding(widths[i] - width_of(cell), ' ');
            const bool right = columns_[i].align == Align::kRight;
            if (i > 0) line += "  ";
            line += right ? padding + cell : cell + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    };
    print_row([&](std::size_t i) -> const std::string& { return columns_[i].title; });
    for (const auto& row : rows_) {
        print_row([&](std::size_t i) -> const std::string& { return row[i]; });
    }
}

std::string shortened(const std::string& text, std::size_t width) {
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (utf8::is_continuation(text[i])) continue;
        if (++points == width && width_of(text) > width) return text.substr(0, i) + "…";
    }
    return text;
}

}  // namespace pmatch
