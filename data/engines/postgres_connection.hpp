/// A connection to PostgreSQL, without libpq: what implements it is a library of its own, see
/// postgres_library.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch {

/// What the server or the way to it objected to.
class PostgresProblem : public std::runtime_error {
public:
    PostgresProblem(const std::string& message, std::string state, bool lost)
        : std::runtime_error(message), state_(std::move(state)), lost_(lost) {}

    /// SQLSTATE, five characters; empty where the server did not answer.
    const std::string& state() const { return state_; }
    bool lost() const { return lost_; }  ///< the connection is of no use any more

private:
    std::string state_;
    bool lost_ = false;
};

/// Cells row by row; NULL is empty.
struct PostgresRows {
    std::size_t columns = 0;
    std::vector<std::string> cells;

    std::size_t count() const { return columns == 0 ? 0 : cells.size() / columns; }
    const std::string& at(std::size_t row, std::size_t column) const {
        return cells.at(row * columns + column);
    }
};

/// How long answers are waited for.
struct Patience {
    double seconds = 0;               ///< 0 = for ever
    std::function<bool()> stopped{};  ///< asked now and then; the statement is then cancelled
};

/// One thread at a time. Members throw PostgresProblem.
class PostgresConnection {
public:
    virtual ~PostgresConnection() = default;

    virtual void set_patience(Patience patience) = 0;
    /// Parameters and cells are texts. Without parameters several statements may be given.
    virtual PostgresRows run(const std::string& sql, std::span<const std::string> parameters) = 0;
    PostgresRows run(const std::string& sql) { return run(sql, {}); }
    /// Parameters and cells are in the types' binary forms. The text is prepared when it is first
    /// seen.
    virtual PostgresRows ask(const std::string& sql, std::span<const std::string> parameters) = 0;

    /// COPY … FROM STDIN: its bytes in any pieces, then the end, which returns the number of rows.
    virtual void begin_copy(const std::string& sql) = 0;
    virtual void put(std::string_view bytes) = 0;
    virtual std::int64_t end_copy() = 0;
    /// COPY … TO STDOUT, piece by piece; false at the end.
    virtual void begin_reading(const std::string& sql) = 0;
    virtual bool read(std::string& piece) = 0;
};

}  // namespace pmatch
