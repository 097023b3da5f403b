#include "data/items/condition_operand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text/ascii.hpp"
#include "core/text/escape.hpp"
#include "core/text/written_number.hpp"

namespace pmatch {
namespace {

using Type = Operand::Type;

std::vector<const FieldRecord*> each_once(const std::map<std::size_t, const FieldRecord*>& uses) {
    std::vector<const FieldRecord*> fields;
    for (const auto& [begin, field] : uses) {
        if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    }
    return fields;
}

}  // namespace

void ColumnReadings::as_number(Operand& operand) {
    if (operand.type != Type::kEither) return;
    for (const auto& use : operand.columns) {
        replaced_[use.begin] = {use.end, sql_name(use.field->number_column)};
        as_numbers_[use.begin] = use.field;
    }
    operand.type = Type::kNumber;
}

void ColumnReadings::as_text(Operand& operand) {
    if (operand.type != Type::kEither) return;
    for (const auto& use : operand.columns) {
        replaced_.erase(use.begin);
        as_numbers_.erase(use.begin);
    }
    operand.type = Type::kText;
}

/// A column of text equals digits as they are written, not as SQLite writes their number.
void ColumnReadings::quote_digits(const Operand& other) {
    const auto* literal = other.literal;
    if (literal == nullptr || literal->kind != ConditionToken::Kind::kNumber ||
        !ascii::all_digits(literal->value)) {
        return;
    }
    replaced_[literal->begin] = {literal->end, "'" + literal->value + "'"};
}

void ColumnReadings::equate(Operand& left, Operand& right) {
    for (auto [one, other] : {std::pair{&left, &right}, {&right, &left}}) {
        const bool digits = other->literal != nullptr && ascii::all_digits(other->literal->value) &&
                            other->literal->kind == ConditionToken::Kind::kNumber;
        if (one->is_identifier() && digits) as_text(*one);
        if (one->type == Type::kEither && other->type == Type::kText) as_text(*one);
        if (one->is_text_column()) quote_digits(*other);
    }
    if (left.is_identifier() && right.is_identifier()) return;  // equal texts
    as_number(left);
    as_number(right);
}

/// 'price' < '50' is meant as a number, too. Returns false if the other side is a word.
bool ColumnReadings::order_with_literal(Operand& either, const Operand& other) {
    if (other.literal == nullptr || other.literal->kind != ConditionToken::Kind::kString)
        return false;
    const bool comma = either.columns.front().field->decimal_comma;
    const auto value =
        written_number(other.literal->value, comma ? DecimalMark::kComma : DecimalMark::kPoint);
    if (!value) return false;
    replaced_[other.literal->begin] = {other.literal->end, fmt::format("{}", *value)};
    as_number(either);
    return true;
}

void ColumnReadings::order(Operand& left, Operand& right) {
    for (auto [one, other] : {std::pair{&left, &right}, {&right, &left}}) {
        const bool to_number = other->type == Type::kNumber;
        if (one->is_text_column() && to_number)
            by_letters_[one->columns.front().begin] = one->columns.front().field;
        if (one->type != Type::kEither || other->type != Type::kText) continue;
        if (order_with_literal(*one, *other)) continue;
        for (const auto& use : one->columns)
            by_letters_[use.begin] = use.field;
        as_text(*one);
    }
    as_number(left);
    as_number(right);
}

Operand ColumnReadings::one_of(std::vector<Operand> values) {
    const auto has = [&](Type type) {
        return std::any_of(values.begin(), values.end(),
                           [&](const Operand& value) { return value.type == type; });
    };
    Operand result;
    if (has(Type::kText)) {
        for (auto& value : values)
            as_text(value);
        result.type = Type::kText;
    } else if (has(Type::kEither)) {
        result.type = Type::kEither;
        for (auto& value : values)
            result.columns.insert(result.columns.end(), value.columns.begin(), value.columns.end());
    } else if (has(Type::kNumber)) {
        result.type = Type::kNumber;
    }
    return result;
}

ReadCondition ColumnReadings::write(const std::string& condition) const {
    ReadCondition result;
    std::size_t at = 0;
    for (const auto& [begin, replacement] : replaced_) {
        result.sql += condition.substr(at, begin - at) + replacement.text;
        at = replacement.end;
    }
    result.sql += condition.substr(at);
    result.as_numbers = each_once(as_numbers_);
    result.by_letters = each_once(by_letters_);
    return result;
}

}  // namespace pmatch
