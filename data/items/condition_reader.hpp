/// Internal to data/: parses a condition as far as the readings of its columns depend on it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "data/items/condition_operand.hpp"
#include "data/items/condition_reading.hpp"
#include "data/items/condition_tokens.hpp"

namespace pmatch {

/// Recursive descent by the precedence of SQLite's operators (https://sqlite.org/lang_expr.html);
/// operators that take the same types are one level.
class ConditionReader {
public:
    /// Both must outlive it.
    ConditionReader(const std::string& condition, const std::vector<FieldRecord>& fields)
        : condition_(condition), fields_(fields), tokens_(condition_tokens(condition)) {}

    ReadCondition read();

private:
    // From the loosest level to the tightest: condition_reader.cpp.
    Operand any();
    Operand all();
    Operand negation();
    Operand comparison();
    void is_what(Operand& left);
    bool negatable(Operand& left);
    void is_in_list(Operand& left);
    Operand order();
    Operand arithmetic();
    Operand concatenation();
    Operand prefixed();

    // What stands between operators: condition_values.cpp.
    Operand primary();
    Operand in_brackets();
    Operand column(const ConditionToken& first);
    std::vector<Operand> list();
    Operand function(const std::string& name);
    Operand chosen(const std::string& name, std::vector<Operand> values);
    Operand cast();
    Operand choice();

    const ConditionToken& now() const { return tokens_[at_]; }
    bool is(std::string_view word) const;
    bool take(std::string_view word);
    bool take_one_of(std::initializer_list<std::string_view> words);
    void expect(std::string_view word);
    [[noreturn]] void fail() const;

    const std::string& condition_;
    const std::vector<FieldRecord>& fields_;
    std::vector<ConditionToken> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    ColumnReadings readings_;
};

}  // namespace pmatch
