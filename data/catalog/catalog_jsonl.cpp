#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <unordered_map>

#include "core/common/error.hpp"
#include "data/catalog/catalog_sources.hpp"
#include "data/formats/byte_order_mark.hpp"
#include "data/formats/csv.hpp"
#include "data/formats/decoded_input.hpp"
#include "data/formats/input_file.hpp"
#include "data/formats/json_line.hpp"

namespace pmatch::detail {

namespace {

/// Reads lines one by one, in memory up to kMaxRowBytes, without reading ahead.
class LineReader {
public:
    explicit LineReader(std::istream& input) : buffer_(*input.rdbuf()) {}

    /// False at the end. Blank lines are skipped.
    bool next() {
        constexpr int kEnd = std::char_traits<char>::eof();
        do {
            ++number_;
            text_.clear();
            size_ = 0;
            int byte = buffer_.sbumpc();
            if (byte == kEnd) return false;
            for (; byte != kEnd && byte != '\n'; byte = buffer_.sbumpc()) {
                if (++size_ <= kMaxRowBytes) text_.push_back(static_cast<char>(byte));
            }
            at_end_ = byte == kEnd;
        } while (text_.find_first_not_of(" \t\r") == std::string::npos);
        return true;
    }

    std::size_t number() const { return number_; }
    const std::string& text() const { return text_; }
    /// Whether the file ends in this line.
    bool at_end() const { return at_end_; }

    JsonLine parse() const {
        if (size_ <= kMaxRowBytes) return parse_json_line(text_);
        return {{},
                {"row_too_large",
                 fmt::format("the line has {} bytes, at most {} are read", size_, kMaxRowBytes)}};
    }

private:
    std::streambuf& buffer_;
    std::string text_;
    std::size_t size_ = 0;
    std::size_t number_ = 0;
    bool at_end_ = false;
};

/// Keys in the order in which they first appear.
class KeyUnion {
public:
    void add(const JsonLine& line, const std::string& source) {
        if (!line.problem.code.empty()) return;
        for (const auto& [name, value] : line.members) {
            if (!numbers_.emplace(name, names_.size()).second) continue;
            names_.push_back(name);
        }
        if (names_.size() > kMaxColumns) {
            throw Error{fmt::format("line by line the file has {} different keys, at most {} are "
                                    "read",
                                    names_.size(), kMaxColumns),
                        source, "keep changing values out of the keys"};
        }
    }
    const std::vector<std::string>& names() const { return names_; }
    std::optional<std::size_t> find(const std::string& name) const {
        const auto found = numbers_.find(name);
        if (found == numbers_.end()) return std::nullopt;
        return found->second;
    }

private:
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::size_t> numbers_;
};

class JsonlCatalog : public CatalogReader {
public:
    /// The keys are those found by a first pass or, for a stream, those of its first record.
    JsonlCatalog(std::unique_ptr<std::istream> owned, std::istream& input, KeyUnion keys,
                 SourceName source, const CatalogOptions& options)
        : owned_(std::move(owned)),
          lines_(input),
          keys_(std::move(keys)),
          source_(std::move(source)) {
        skip_byte_order_mark(input, source_.name);
        mapping_ = ResolvedMapping(keys_.names(), options, source_.name);
    }

    /// A stream: its keys are the named columns and those of the first usable line.
    JsonlCatalog(std::unique_ptr<std::istream> owned, std::istream& input, SourceName source,
                 const CatalogOptions& options)
        : owned_(std::move(owned)), lines_(input), source_(std::move(source)) {
        while (lines_.next()) {
            held_.emplace_back(lines_.number(), lines_.parse());
            if (held_.back().second.problem.code.empty()) break;
        }
        JsonLine named;
        named.members.emplace_back(options.id.value_or("id"), JsonValue{});
        for (const auto* names : {&options.text, &options.images}) {
            for (const std::string& name : *names)
                named.members.emplace_back(name, JsonValue{});
        }
        if (!held_.empty()) keys_.add(held_.back().second, source_.name);
        keys_.add(named, source_.name);
        mapping_ = ResolvedMapping(keys_.names(), options, source_.name);
        std::reverse(held_.begin(), held_.end());
    }

    const std::vector<std::string>& fields() const override { return mapping_.fields(); }
    const FieldMapping& mapping() const override { return mapping_.mapping(); }
    std::filesystem::path picture_root() const override { return source_.picture_root; }

    bool next(CatalogRecord& record) override {
        record = CatalogRecord{};
        JsonLine line;
        if (!held_.empty()) {
            std::tie(record.line, line) = std::move(held_.back());
            held_.pop_back();
        } else if (lines_.next()) {
            record.line = lines_.number();
            line = lines_.parse();
        } else {
            return false;
        }
        record.problem = std::move(line.problem);
        record.breaks_off = lines_.at_end() && !record.problem.code.empty();
        if (record.problem.code.empty()) fill(record, line);
        return true;
    }

private:
    void fill(CatalogRecord& record, JsonLine& line) const {
        std::vector<std::string> cells(keys_.names().size());
        std::vector<std::vector<std::string>> lists(cells.size());
        for (auto& [name, value] : line.members) {
            const auto column = keys_.find(name);
            if (!column) continue;
            cells[*column] = std::move(value.text);
            lists[*column] = std::move(value.strings);
        }
        // In a picture column an array means several pictures; the cell is written as in CSV.
        const auto& images = mapping_.image_columns();
        for (const std::size_t column : images) {
            if (cells[column] == "[]") cells[column].clear();
            if (lists[column].empty()) continue;
            cells[column] = fmt::format("{}", fmt::join(lists[column], "|"));
        }
        mapping_.fill(record, std::move(cells));
    }

    std::unique_ptr<std::istream> owned_;
    LineReader lines_;
    KeyUnion keys_;
    SourceName source_;
    ResolvedMapping mapping_;
    std::vector<std::pair<std::size_t, JsonLine>> held_;  ///< lines already read, in reverse order
};

}  // namespace

std::unique_ptr<CatalogReader> open_jsonl_file(const std::filesystem::path& file,
                                               const CatalogOptions& options) {
    KeyUnion keys;
    {
        const auto input = decoded_input(open_input(file), options.format.encoding);
        skip_byte_order_mark(*input, file.string());
        LineReader lines(*input);
        while (lines.next()) {
            if (lines.number() == 1) check_not_utf16(lines.text(), file.string());
            keys.add(lines.parse(), file.string());
        }
    }
    if (keys.names().empty()) {
        throw Error{"no line of the file is a JSON object with keys", file.string(),
                    "write one JSON object a line"};
    }
    auto input = decoded_input(open_input(file), options.format.encoding);
    std::istream& stream = *input;
    return std::make_unique<JsonlCatalog>(std::move(input), stream, std::move(keys),
                                          SourceName{file.string(), file.parent_path()}, options);
}

std::unique_ptr<CatalogReader> open_jsonl_stream(std::unique_ptr<std::istream> owned,
                                                 std::istream& input, const SourceName& source,
                                                 const CatalogOptions& options) {
    return std::make_unique<JsonlCatalog>(std::move(owned), input, source, options);
}

}  // namespace pmatch::detail
