#include "data/formats/json_line.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/text/utf8.hpp"

namespace pmatch {

namespace {

constexpr std::size_t kMaxDepth = 100;

std::string json_string(const std::string& text) {
    return nlohmann::json(text).dump();
}

/// Callbacks for the library's parser, which keeps its own stack, so deep input cannot overflow
/// ours. Depth 1 is the line's object; deeper values are serialised as compact JSON.
class LineHandler : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit LineHandler(JsonLine& line) : line_(line) {}

    bool null() override { return scalar(depth_ > 1 ? "null" : ""); }
    bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& literal) override { return scalar(literal); }
    bool string(string_t& value) override {
        if (depth_ == 1) return scalar(value);
        if (depth_ == 2 && strings_only_) strings_.push_back(value);
        return nested(json_string(value), true);
    }
    bool binary(binary_t&) override { return fail("binary values are not JSON"); }
    bool start_object(std::size_t) override { return start('{'); }
    bool start_array(std::size_t) override { return start('['); }
    bool end_object() override { return end('}'); }
    bool end_array() override { return end(']'); }

    bool key(string_t& name) override {
        if (depth_ == 1) {
            if (!keys_.insert(name).second) {
                return fail(fmt::format("the key '{}' is there twice", utf8::printable(name)));
            }
            line_.members.emplace_back(name, JsonValue{});
            return true;
        }
        separate();
        nested_ += json_string(name) + ':';
        first_ = true;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        return fail(fmt::format("not JSON from byte {} on", position));
    }

private:
    bool fail(std::string detail) {
        line_.problem = {"bad_json", std::move(detail)};
        return false;
    }
    void separate() {
        if (!first_) nested_ += ',';
        first_ = false;
    }
    bool nested(const std::string& text, bool is_string) {
        separate();
        nested_ += text;
        if (!is_string) strings_only_ = false;
        return true;
    }
    bool scalar(std::string text) {
        if (depth_ == 0) return fail("the line is no object");
        if (depth_ > 1) return nested(text, false);
        line_.members.back().second.text = std::move(text);
        return true;
    }
    bool start(char bracket) {
        if (depth_ == 0 && bracket != '{') return fail("the line is no object");
        if (++depth_ > kMaxDepth) return fail(fmt::format("nested deeper than {}", kMaxDepth));
        if (depth_ == 1) return true;
        if (depth_ == 2) {
            nested_.clear();
            strings_.clear();
            strings_only_ = bracket == '[';
            first_ = true;
        } else {
            strings_only_ = false;
        }
        separate();
        nested_ += bracket;
        first_ = true;
        return true;
    }
    bool end(char bracket) {
        if (depth_-- == 1) return true;
        nested_ += bracket;
        first_ = false;
        if (depth_ == 1) {
            line_.members.back().second.text = std::move(nested_);
            if (strings_only_) line_.members.back().second.strings = std::move(strings_);
        }
        return true;
    }

    JsonLine& line_;
    std::size_t depth_ = 0;
    std::unordered_set<std::string> keys_;
    std::string nested_;
    std::vector<std::string> strings_;
    bool strings_only_ = false;
    bool first_ = true;  ///< no comma before the next element
};

}  // namespace

JsonLine parse_json_line(std::string_view line) {
    JsonLine result;
    if (!utf8::is_clean(line)) {
        result.problem = {"invalid_utf8", "the line is not UTF-8, or holds a NUL byte"};
        return result;
    }
    LineHandler handler(result);
    nlohmann::json::sax_parse(line.begin(), line.end(), &handler);
    for (const auto& [name, value] : result.members) {
        if (!result.problem.code.empty()) break;
        if (!utf8::is_clean(name) || !utf8::is_clean(value.text)) {
            result.problem = {"invalid_utf8", fmt::format("the value of '{}' holds a NUL byte",
                                                          utf8::printable(name))};
        }
    }
    return result;
}

}  // namespace pmatch
