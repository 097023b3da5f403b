/// Internal to data/: what a part of a condition is compared as.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "data/items/condition_reading.hpp"
#include "data/items/condition_tokens.hpp"

namespace pmatch {

/// A column in a condition.
struct ColumnUse {
    const FieldRecord* field = nullptr;
    std::size_t begin = 0;  ///< in the condition
    std::size_t end = 0;
};

/// The value of a part of an expression.
struct Operand {
    enum class Type {
        kOther,  ///< NULL, or whatever
        kNumber,
        kText,
        kEither  ///< its columns are text and number, and have not been read yet
    };
    Type type = Type::kOther;
    std::vector<ColumnUse> columns = {};      ///< kEither, or one column of text
    const ConditionToken* literal = nullptr;  ///< if it is nothing but a literal

    bool is_identifier() const {
        return type == Type::kEither && columns.size() == 1 && columns.front().field->identifier;
    }
    bool is_text_column() const { return type == Type::kText && columns.size() == 1; }
};

/// Decides how the columns of operands are read, and writes the condition that reads them so.
class ColumnReadings {
public:
    void as_number(Operand& operand);
    void as_text(Operand& operand);
    /// =, <>, IS, IN.
    void equate(Operand& left, Operand& right);
    /// <, >, BETWEEN.
    void order(Operand& left, Operand& right);
    /// The common type of the values that an expression may have, as of coalesce() or CASE.
    Operand one_of(std::vector<Operand> values);

    ReadCondition write(const std::string& condition) const;

private:
    bool order_with_literal(Operand& either, const Operand& other);
    void quote_digits(const Operand& other);

    struct Replacement {
        std::size_t end = 0;
        std::string text;
    };
    std::map<std::size_t, Replacement> replaced_;           ///< by its begin
    std::map<std::size_t, const FieldRecord*> as_numbers_;  ///< by the begin of the column
    std::map<std::size_t, const FieldRecord*> by_letters_;
};

}  // namespace pmatch
