/// A thin layer over SQLite: RAII handles, and errors that name the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace pmatch::sqlite {

class Statement;

class Database {
public:
    /// A new file, for one writer and one transaction; not crash-safe until it is synced and
    /// renamed.
    static Database create(const std::filesystem::path& file);
    /// Read-only, assuming that the file never changes. May be shared between threads as long as
    /// each creates its own statements.
    static Database open_immutable(const std::filesystem::path& file);

    void execute(const std::string& sql);
    Statement prepare(const std::string& sql) const;
    /// Rows changed by the last INSERT, UPDATE or DELETE.
    int changes() const;
    /// SQLite's own handle, for what this layer does not wrap.
    sqlite3* native() const { return handle_.get(); }

private:
    struct Closer {
        void operator()(sqlite3* handle) const;
    };
    static Database open_unnamed(const std::filesystem::path& file);
    Database(const std::filesystem::path& name, const std::string& uri, int flags);

    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Closer> handle_;
};

/// Parameters are numbered from 1, columns from 0, as in SQLite. Bound memory must be valid until
/// step().
class Statement {
public:
    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, double value);
    Statement& bind(int index, std::string_view text);
    Statement& bind_blob(int index, std::span<const std::uint8_t> bytes);
    Statement& bind_null(int index);

    /// Returns true while there is a row.
    bool step();
    /// Prepares for another run; bindings are kept.
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    /// Valid until the next step() or reset().
    std::string_view text(int column) const;
    std::span<const std::uint8_t> blob(int column) const;

private:
    friend class Database;
    struct Finalizer {
        void operator()(sqlite3_stmt* handle) const;
    };
    Statement(const std::filesystem::path& file, sqlite3* database, const std::string& sql);
    void check(int code) const;

    std::filesystem::path file_;
    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

}  // namespace pmatch::sqlite
