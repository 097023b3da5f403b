#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "data/items/condition_reader.hpp"

namespace pmatch {
namespace {

using Kind = ConditionToken::Kind;
using Type = Operand::Type;

/// Functions of texts; of those in kCounting the value is a number.
constexpr auto kOfTexts = std::to_array<std::string_view>(
    {"format", "glob", "hex", "instr", "length", "like", "lower", "ltrim", "printf", "quote",
     "replace", "rtrim", "substr", "substring", "trim", "unicode", "upper"});
constexpr auto kCounting =
    std::to_array<std::string_view>({"glob", "instr", "length", "like", "unicode"});
/// Functions that answer one of their values.
constexpr auto kChoosing =
    std::to_array<std::string_view>({"coalesce", "ifnull", "iif", "max", "min", "nullif"});

template <std::size_t kCount>
bool is_among(const std::array<std::string_view, kCount>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return same_name(one, name); });
}

}  // namespace

Operand ConditionReader::primary() {
    const auto& token = now();
    if (token.kind == Kind::kEnd) fail();
    if (take("(")) return in_brackets();
    if (token.kind == Kind::kOperator) fail();
    ++at_;
    if (token.kind == Kind::kNumber) return {Type::kNumber, {}, &token};
    if (token.kind == Kind::kString) return {Type::kText, {}, &token};
    if (token.kind == Kind::kOther) return {};
    if (is("(")) return function(token.value);
    if (!token.quoted) {
        if (same_name(token.value, "case")) return choice();
        if (same_name(token.value, "cast")) fail();  // a cast has brackets
        if (same_name(token.value, "null")) return {};
    }
    return column(token);
}

Operand ConditionReader::in_brackets() {
    auto value = any();
    if (is(",")) fail();  // a row of values
    expect(")");
    return value;
}

Operand ConditionReader::column(const ConditionToken& first) {
    const auto* name = &first;
    if (take(".")) {
        name = &now();
        ++at_;
    }
    const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const FieldRecord& field) {
        return same_name(field.column, name->value);
    });
    if (found == fields_.end()) {
        const bool text = same_name(name->value, "id") || same_name(name->value, "text");
        return {text ? Type::kText : Type::kNumber};
    }
    if (found->number) return {Type::kNumber};
    return {found->is_text_and_number() ? Type::kEither : Type::kText,
            {{&*found, first.begin, name->end}}};
}

std::vector<Operand> ConditionReader::list() {
    std::vector<Operand> values;
    if (take(")")) return values;
    do {
        values.push_back(any());
    } while (take(","));
    expect(")");
    return values;
}

Operand ConditionReader::function(const std::string& name) {
    expect("(");
    if (same_name(name, "cast")) return cast();
    auto values = list();
    if (is_among(kChoosing, name)) return chosen(name, std::move(values));
    const bool texts = is_among(kOfTexts, name);
    for (auto& value : values)
        texts ? readings_.as_text(value) : readings_.as_number(value);
    if (texts) return {is_among(kCounting, name) ? Type::kNumber : Type::kText};
    return same_name(name, "char") ? Operand{Type::kText} : Operand{Type::kNumber};
}

Operand ConditionReader::chosen(const std::string& name, std::vector<Operand> values) {
    if (values.size() > 1 && same_name(name, "iif")) {
        readings_.as_number(values.front());
        values.erase(values.begin());
    }
    if (values.size() == 2 && same_name(name, "nullif")) {
        readings_.equate(values[0], values[1]);
        values.pop_back();
    }
    return readings_.one_of(std::move(values));
}

/// To a type of texts only from the text.
Operand ConditionReader::cast() {
    auto value = any();
    expect("as");
    bool text = false;
    while (now().kind == Kind::kName) {
        const auto& word = now().value;
        text = text || same_name(word, "text") || same_name(word, "varchar") ||
               same_name(word, "char") || same_name(word, "blob");
        ++at_;
    }
    if (take("(")) list();
    expect(")");
    text ? readings_.as_text(value) : readings_.as_number(value);
    return {text ? Type::kText : Type::kNumber};
}

/// Behind CASE.
Operand ConditionReader::choice() {
    std::optional<Operand> base;
    if (!is("when")) base = any();
    std::vector<Operand> values;
    while (take("when")) {
        auto condition = any();
        if (base) {
            auto same = *base;
            readings_.equate(same, condition);
        } else {
            readings_.as_number(condition);
        }
        expect("then");
        values.push_back(any());
    }
    if (take("else")) values.push_back(any());
    expect("end");
    return readings_.one_of(std::move(values));
}

}  // namespace pmatch
