#include "data/items/item_filter.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/ascii.hpp"
#include "core/text/escape.hpp"
#include "core/text/number_text.hpp"
#include "data/items/condition_reading.hpp"
#include "data/items/condition_tokens.hpp"
#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLargestValue = 1 << 20;  // bytes of a string computed by an expression
constexpr int kLongestCondition = 100'000;
constexpr int kDeepest = 200;
constexpr int kLongestPattern = 1000;
constexpr int kStepsBetweenLooks = 10'000;

/// Deterministic functions without side effects.
constexpr std::array<std::string_view, 27> kFunctions{
    "abs",     "char",  "coalesce", "format", "glob",   "hex",       "ifnull", "iif",     "instr",
    "length",  "like",  "lower",    "ltrim",  "max",    "min",       "nullif", "printf",  "quote",
    "replace", "round", "rtrim",    "sign",   "substr", "substring", "trim",   "unicode", "upper"};

/// State of the authorizer and the time limit.
struct Guard {
    std::set<std::string> columns;  ///< readable columns
    int selects = 0;
    std::string refused;
    Clock::time_point deadline;
    bool late = false;
};

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

int refuse(Guard& guard, std::string what) {
    if (guard.refused.empty()) guard.refused = std::move(what);
    return SQLITE_DENY;
}

int authorize(void* state, int action, const char* first, const char* second, const char*,
              const char*) {
    auto& guard = *static_cast<Guard*>(state);
    switch (action) {
        case SQLITE_SELECT:
            return ++guard.selects == 1 ? SQLITE_OK : refuse(guard, "a query inside it");
        case SQLITE_READ: {
            const auto column = text_of(second);
            const bool known =
                text_of(first) == "items" && (column.empty() || guard.columns.contains(column));
            return known ? SQLITE_OK : refuse(guard, fmt::format("{}.{}", text_of(first), column));
        }
        case SQLITE_FUNCTION: {
            const auto name = text_of(second);
            const bool known =
                std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end();
            return known ? SQLITE_OK : refuse(guard, fmt::format("the function {}", name));
        }
        default:
            return refuse(guard, "more than an expression");
    }
}

int look_at_clock(void* state) {
    auto& guard = *static_cast<Guard*>(state);
    guard.late = Clock::now() > guard.deadline;
    return guard.late ? 1 : 0;
}

/// A field's name in the syntax of conditions.
std::string as_written(const FieldRecord& field) {
    const auto plain = [](char c) { return ascii::is_alphanumeric(c) || c == '_'; };
    const bool bare = std::all_of(field.column.begin(), field.column.end(), plain) &&
                      !field.column.empty() && !ascii::is_digit(field.column[0]);
    auto text = bare ? field.column : sql_name(field.column);
    if (field.column != field.name) text += fmt::format(" (the catalog's {})", field.name);
    return fmt::format("{} ({})", text, field.type());
}

[[noreturn]] void fail(const std::string& condition, const std::string& reason,
                       const ItemsRecord& record) {
    std::string fields = "id (text), text (text)";
    for (const auto& field : record.fields)
        fields += ", " + as_written(field);
    throw UsageError{fmt::format("--where \"{}\": {}", condition, reason),
                     fmt::format("compare fields with numbers or 'texts' in single quotes, say "
                                 "\"price < 50 and colour = 'red'\"; the fields are: {}",
                                 fields)};
}

bool names_text_and_number(const std::string& condition, const std::vector<FieldRecord>& fields) {
    const auto tokens = condition_tokens(condition);
    return std::any_of(tokens.begin(), tokens.end(), [&](const ConditionToken& token) {
        return token.kind == ConditionToken::Kind::kName &&
               std::any_of(fields.begin(), fields.end(), [&](const FieldRecord& field) {
                   return field.is_text_and_number() && same_name(field.column, token.value);
               });
    });
}

std::vector<Notice> warnings_of(const ReadCondition& read) {
    std::vector<Notice> warnings;
    for (const auto* field : read.as_numbers) {
        if (field->unfit == 0) continue;
        warnings.emplace_back(fmt::format(
            "--where: {} of the cells of '{}' {} no number: no comparison with a number holds for "
            "them",
            grouped(field->unfit), field->name, field->unfit == 1 ? "is" : "are"));
    }
    for (const auto* field : read.by_letters) {
        warnings.emplace_back(fmt::format(
            "--where: '{}' is text and compared by its letters, not as a number", field->name));
    }
    return warnings;
}

using Handle = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

/// A separate statement, prepared under the guard; any error in it is the condition's fault.
class Evaluation {
public:
    Evaluation(sqlite3* database, const ItemsRecord& record, const std::string& condition,
               std::chrono::milliseconds limit)
        : database_(database), record_(record), condition_(condition) {
        guard_.columns = {"row", "id", "text"};
        for (const auto& field : record.fields) {
            guard_.columns.insert(field.column);
            if (field.is_text_and_number()) guard_.columns.insert(field.number_column);
        }
        guard_.deadline = Clock::now() + limit;
        sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kLargestValue);
        sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, kLongestCondition + 100);
        sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, kDeepest);
        sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, kLongestPattern);
        sqlite3_set_authorizer(database, authorize, &guard_);
        sqlite3_progress_handler(database, kStepsBetweenLooks, look_at_clock, &guard_);
    }

    FilteredRows rows() {
        // A single expression is valid in both places; text that closes the brackets is not.
        prepare("SELECT (\n" + condition_ + "\n) FROM items");
        prepare("SELECT row FROM items WHERE (\n" + condition_ + "\n)");
        const auto read = read_columns();
        const auto statement = prepare("SELECT row FROM items WHERE (\n" + read.sql + "\n)");
        RowSet rows;
        int code = sqlite3_step(statement.get());
        for (; code == SQLITE_ROW; code = sqlite3_step(statement.get()))
            rows.insert(sqlite3_column_int64(statement.get(), 0));
        if (code != SQLITE_DONE) fail(condition_, reason(), record_);
        return {std::move(rows), warnings_of(read)};
    }

private:
    /// The condition is one that SQLite accepts.
    ReadCondition read_columns() const {
        try {
            return read_condition(condition_, record_.fields);
        } catch (const std::invalid_argument& error) {
            if (names_text_and_number(condition_, record_.fields))
                fail(condition_, error.what(), record_);
            return {condition_, {}, {}};
        }
    }
    Handle prepare(const std::string& sql) {
        guard_.selects = 0;
        sqlite3_stmt* handle = nullptr;
        const char* rest = nullptr;
        const int code = sqlite3_prepare_v2(database_, sql.c_str(), static_cast<int>(sql.size()),
                                            &handle, &rest);
        Handle statement(handle, sqlite3_finalize);
        if (code != SQLITE_OK) fail(condition_, reason(), record_);
        if (*rest != '\0') fail(condition_, "a second statement is not allowed", record_);
        return statement;
    }
    std::string reason() const {
        if (!guard_.refused.empty()) return guard_.refused + " is not allowed";
        if (guard_.late) return "it takes too long";
        const std::string message = sqlite3_errmsg(database_);
        // The bracket is added by rows().
        return message == "near \")\": syntax error" ? "it ends too early, or is empty" : message;
    }

    sqlite3* database_;
    const ItemsRecord& record_;
    const std::string& condition_;
    Guard guard_;
};

}  // namespace

FilteredRows rows_where(const Collection& collection, const std::string& condition,
                        std::chrono::milliseconds limit) {
    const auto& record = collection.manifest().items;
    if (condition.find('\0') != std::string::npos || condition.size() > kLongestCondition)
        fail(condition.substr(0, 60), "it is too long, or holds a NUL byte", record);
    collection.verify(record.file);
    // A separate connection, so that the guard does not affect other statements.
    const auto database = collection.files()->read(record.file, open_items);
    return Evaluation(database.native(), record, condition, limit).rows();
}

}  // namespace pmatch
