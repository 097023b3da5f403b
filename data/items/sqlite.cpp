#include "data/items/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/escape.hpp"
#include "data/collection/snapshot_files.hpp"

namespace pmatch::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* database, int code, const std::filesystem::path& file) {
    if ((code & 0xff) == SQLITE_NOMEM) {
        throw SystemError{"SQLite: not enough memory", file.string(),
                          "run on a machine with more memory, or raise its limit (ulimit -v)"};
    }
    const std::string reason =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    const bool full = (code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_IOERR;
    throw Error{fmt::format("SQLite: {}", reason), file.string(),
                full ? "free some space there, then run the command again"
                     : "run `pmatch ingest` again, into a new directory if it stays so"};
}

/// A path as the URI that SQLite needs for immutable=1.
std::string file_uri(const std::filesystem::path& file, std::string_view parameters) {
    return fmt::format(
        "file:{}{}", percent_encoded(std::filesystem::absolute(file).string(), "/._-"), parameters);
}

}  // namespace

void Database::Closer::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Database::Database(const std::filesystem::path& name, const std::string& uri, int flags)
    : file_(name) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(handle, code, file_);
}

Database Database::create(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    Database database(file, file_uri(file, ""),
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI);
    // The whole file is synced before it is renamed, so SQLite need not protect it.
    database.execute("PRAGMA journal_mode=OFF");
    database.execute("PRAGMA synchronous=OFF");
    database.execute("PRAGMA cache_size=-32000");
    return database;
}

/// SQLite resolves a file's path, so an unlinked file is read into memory.
Database Database::open_unnamed(const std::filesystem::path& file) {
    const auto content = read_file(file, std::filesystem::file_size(file));
    Database database(
        file, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX);
    auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(content.size()));
    if (copy == nullptr) fail(nullptr, SQLITE_NOMEM, file);
    std::copy(content.begin(), content.end(), copy);
    const auto size = static_cast<sqlite3_int64>(content.size());
    const int code =
        sqlite3_deserialize(database.native(), "main", copy, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
    if (code != SQLITE_OK) fail(database.native(), code, file);
    return database;
}

Database Database::open_immutable(const std::filesystem::path& file) {
    if (is_unnamed(file)) return open_unnamed(file);
    return {file, file_uri(file, "?immutable=1"),
            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_FULLMUTEX};
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle_.get(), code, file_);
}

Statement Database::prepare(const std::string& sql) const {
    return {file_, handle_.get(), sql};
}

int Database::changes() const {
    return sqlite3_changes(handle_.get());
}

void Statement::Finalizer::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}

Statement::Statement(const std::filesystem::path& file, sqlite3* database, const std::string& sql)
    : file_(file), database_(database) {
    sqlite3_stmt* handle = nullptr;
    check(
        sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &handle, nullptr));
    handle_.reset(handle);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(database_, code, file_);
}

Statement& Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(handle_.get(), index, value));
    return *this;
}

Statement& Statement::bind(int index, double value) {
    check(sqlite3_bind_double(handle_.get(), index, value));
    return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
    // A null pointer would bind NULL, not the empty string.
    const char* data = text.data() != nullptr ? text.data() : "";
    check(sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(int index, std::span<const std::uint8_t> bytes) {
    check(sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_null(int index) {
    check(sqlite3_bind_null(handle_.get(), index));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(database_, code, file_);
    return false;
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
    const auto* data = sqlite3_column_text(handle_.get(), column);
    const auto size = sqlite3_column_bytes(handle_.get(), column);
    if (data == nullptr) return {};
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
    const auto size = sqlite3_column_bytes(handle_.get(), column);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace pmatch::sqlite
