#include "data/formats/csv.hpp"

#include <fmt/format.h>

#include <utility>

namespace pmatch {

namespace {

constexpr int kEnd = std::char_traits<char>::eof();

enum class State { kStart, kPlain, kQuoted, kQuoteInQuoted, kBroken };

std::string open_quote(std::size_t opened) {
    return fmt::format("the quote of line {} is still open at the end", opened);
}

std::string text_behind_quote(std::size_t line, std::size_t opened) {
    const auto since = opened == line ? std::string() : fmt::format(", opened in line {}", opened);
    return fmt::format(
        "text follows a closing quote in line {}{}; a quote inside a quoted cell is "
        "written twice",
        line, since);
}

/// Collects the cells of one row within its limits.
class RowBuilder {
public:
    RowBuilder(CsvRow& row, std::size_t keep) : row_(row), keep_(keep) {}

    void append(int byte) {
        if (row_.cell_count >= keep_) row_.more = true;
        if (++bytes_ <= kMaxRowBytes && row_.cell_count < keep_) {
            cell_.push_back(static_cast<char>(byte));
        }
    }
    void end_cell() {
        if (row_.cell_count++ < keep_) row_.cells.push_back(std::move(cell_));
        cell_.clear();
    }
    void broken(std::string detail) {
        if (row_.problem.code.empty()) row_.problem = {"bad_quotes", std::move(detail)};
    }
    /// `last`: the row's last line. A row with broken quotes may have swallowed valid ones.
    void end_row(std::size_t last) {
        end_cell();
        row_.lines = last - row_.line + 1;
        if (bytes_ > kMaxRowBytes) {
            row_.problem = {"row_too_large",
                            fmt::format("the row starting in line {} has {} bytes, at most {} are "
                                        "read; is a quote not closed?",
                                        row_.line, bytes_, kMaxRowBytes)};
        }
        if (!row_.problem.code.empty() && row_.lines > 1)
            row_.problem.detail +=
                fmt::format("; lines {} to {} are lost with it", row_.line, last);
    }

private:
    CsvRow& row_;
    std::size_t keep_;
    std::string cell_;
    std::size_t bytes_ = 0;
};

}  // namespace

int CsvParser::take() {
    int byte = input_.rdbuf()->sbumpc();
    if (skip_line_feed_ && byte == '\n') byte = input_.rdbuf()->sbumpc();
    skip_line_feed_ = false;
    if (byte == '\n') ++line_;
    return byte;
}

void CsvParser::end_line(int last) {
    if (last != '\r') return;
    skip_line_feed_ = true;
    ++line_;
}

bool CsvParser::next(CsvRow& row) {
    row = CsvRow{};
    for (;;) {
        row.line = line_;
        const int first = take();
        if (first == kEnd) return false;
        if (first == '\n' || first == '\r') {
            end_line(first);
            continue;
        }
        parse(row, first);
        return true;
    }
}

void CsvParser::parse(CsvRow& row, int first) {
    RowBuilder builder(row, keep_);
    State state = State::kStart;
    std::size_t last = row.line;    ///< line of the latest byte
    std::size_t opened = row.line;  ///< line of the latest opening quote
    for (int byte = first;; byte = take()) {
        if (byte != kEnd) last = byte == '\n' ? line_ - 1 : line_;
        if (state == State::kQuoted && byte != kEnd) {
            if (byte == '"') {
                state = State::kQuoteInQuoted;
            } else {
                builder.append(byte);
            }
            continue;
        }
        if (byte == kEnd || byte == '\n' || byte == '\r') {
            if (state == State::kQuoted) builder.broken(open_quote(opened));
            row.at_end = byte == kEnd;
            end_line(byte);
            builder.end_row(last);
            return;
        }
        if (state == State::kBroken) continue;
        if (byte == separator_) {
            builder.end_cell();
            state = State::kStart;
        } else if (byte == quote_ && state == State::kStart) {
            state = State::kQuoted;
            opened = line_;
        } else if (skip_blanks_ && state == State::kStart && byte == ' ') {
            continue;
        } else if (byte == '"' && state == State::kQuoteInQuoted) {
            builder.append(byte);
            state = State::kQuoted;
        } else if (state == State::kQuoteInQuoted) {
            builder.broken(text_behind_quote(line_, opened));
            state = State::kBroken;
        } else {
            builder.append(byte);
            state = State::kPlain;
        }
    }
}

}  // namespace pmatch
