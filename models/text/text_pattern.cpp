#include "models/text/text_pattern.hpp"

#include <utility>

namespace pmatch {
namespace {

class Literal final : public TextPattern {
public:
    explicit Literal(std::string text) : text_(std::move(text)) {}

    void find(std::string_view text, std::vector<TextSpan>& matches) const override {
        for (auto at = text.find(text_); at != std::string_view::npos;) {
            matches.push_back({at, at + text_.size()});
            at = text.find(text_, at + text_.size());
        }
    }

private:
    std::string text_;
};

}  // namespace

std::unique_ptr<TextPattern> read_pattern(const JsonFields& fields, const char* key) {
    const auto pattern = fields.object(key);
    if (pattern.has("String")) {
        auto text = pattern.text("String");
        if (text.empty()) pattern.fail("String", text, "a text that is not empty");
        return std::make_unique<Literal>(std::move(text));
    }
    const auto regex = pattern.text("Regex");
    if (auto known = published_pattern(regex)) return known;
    return icu_pattern(pattern, "Regex", regex);
}

}  // namespace pmatch
