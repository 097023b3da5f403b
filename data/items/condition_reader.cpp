#include "data/items/condition_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace pmatch {
namespace {

using Kind = ConditionToken::Kind;
using Type = Operand::Type;

constexpr int kDeepest = 300;  ///< SQLite refuses what is deeper than 200

}  // namespace

ReadCondition ConditionReader::read() {
    auto all = any();
    readings_.as_number(all);
    if (now().kind != Kind::kEnd) fail();
    return readings_.write(condition_);
}

bool ConditionReader::is(std::string_view word) const {
    return (now().kind == Kind::kOperator || (now().kind == Kind::kName && !now().quoted)) &&
           same_name(now().value, word);
}

bool ConditionReader::take(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
}

bool ConditionReader::take_one_of(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return take(word); });
}

void ConditionReader::expect(std::string_view word) {
    if (!take(word)) fail();
}

void ConditionReader::fail() const {
    throw std::invalid_argument(fmt::format(
        "near \"{}\": columns that are text and number are not understood there",
        condition_.substr(now().begin, std::max<std::size_t>(now().end - now().begin, 1))));
}

/// OR, AND and NOT take numbers.
Operand ConditionReader::any() {
    if (++depth_ > kDeepest) fail();
    auto left = all();
    while (take("or")) {
        readings_.as_number(left);
        left = all();
        readings_.as_number(left);
        left = {Type::kNumber};
    }
    --depth_;
    return left;
}

Operand ConditionReader::all() {
    auto left = negation();
    while (take("and")) {
        readings_.as_number(left);
        left = negation();
        readings_.as_number(left);
        left = {Type::kNumber};
    }
    return left;
}

Operand ConditionReader::negation() {
    bool negated = false;
    while (take("not"))
        negated = true;
    auto inner = comparison();
    if (!negated) return inner;
    readings_.as_number(inner);
    return {Type::kNumber};
}

Operand ConditionReader::comparison() {
    auto left = order();
    while (true) {
        if (take_one_of({"=", "==", "<>", "!="})) {
            auto right = order();
            readings_.equate(left, right);
        } else if (take("is")) {
            is_what(left);
        } else if (take_one_of({"isnull", "notnull"})) {
            readings_.as_number(left);
        } else if (!negatable(left)) {
            return left;
        }
        left = {Type::kNumber};
    }
}

void ConditionReader::is_what(Operand& left) {
    take("not");
    if (take("distinct")) expect("from");
    auto right = order();
    readings_.equate(left, right);
}

/// What NOT may precede. Returns false if nothing of that comes.
bool ConditionReader::negatable(Operand& left) {
    const auto before = at_;
    const bool negated = take("not");
    if (take("between")) {
        auto low = order();
        readings_.order(left, low);
        expect("and");
        auto high = order();
        readings_.order(left, high);
    } else if (take("in")) {
        expect("(");
        is_in_list(left);
    } else if (take_one_of({"like", "glob", "match", "regexp"})) {
        auto pattern = order();
        readings_.as_text(left);
        readings_.as_text(pattern);
        if (take("escape")) order();
    } else if (negated && take("null")) {
        readings_.as_number(left);
    } else {
        at_ = before;
        return false;
    }
    return true;
}

/// A list with a text is one of texts.
void ConditionReader::is_in_list(Operand& left) {
    auto values = list();
    std::stable_partition(values.begin(), values.end(),
                          [](const Operand& value) { return value.type == Type::kText; });
    for (auto& value : values)
        readings_.equate(left, value);
}

Operand ConditionReader::order() {
    auto left = arithmetic();
    while (take_one_of({"<", "<=", ">", ">="})) {
        auto right = arithmetic();
        readings_.order(left, right);
        left = {Type::kNumber};
    }
    return left;
}

Operand ConditionReader::arithmetic() {
    auto left = concatenation();
    while (take_one_of({"+", "-", "*", "/", "%", "&", "|", "<<", ">>"})) {
        readings_.as_number(left);
        left = concatenation();
        readings_.as_number(left);
        left = {Type::kNumber};
    }
    return left;
}

Operand ConditionReader::concatenation() {
    auto left = prefixed();
    while (take("||")) {
        readings_.as_text(left);
        left = prefixed();
        readings_.as_text(left);
        left = {Type::kText};
    }
    return left;
}

Operand ConditionReader::prefixed() {
    bool sign = false;
    while (take_one_of({"-", "+", "~"}))
        sign = true;
    auto value = primary();
    while (take("collate")) {
        ++at_;
        readings_.as_text(value);
    }
    if (!sign) return value;
    readings_.as_number(value);
    return {Type::kNumber};
}

ReadCondition read_condition(const std::string& condition, const std::vector<FieldRecord>& fields) {
    return ConditionReader(condition, fields).read();
}

}  // namespace pmatch
