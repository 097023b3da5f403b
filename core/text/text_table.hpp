/// Aligned columns for people.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace pmatch {

class Table {
public:
    enum class Align { kLeft, kRight };
    struct Column {
        std::string title;
        Align align = Align::kLeft;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// One cell per column; line breaks and other control characters become blanks.
    void add(std::vector<std::string> cells);
    void print(std::ostream& out) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// At most `width` code points, the last one "…" if truncated.
std::string shortened(const std::string& text, std::size_t width);

}  // namespace pmatch
