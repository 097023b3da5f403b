#include "data/libpq/libpq_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <new>
#include <utility>

namespace pmatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kGlanceMilliseconds = 50;  // between looks at whether to stop
constexpr int kText = 0;
constexpr int kBinary = 1;

struct Clear {
    void operator()(PGresult* result) const { ::PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// The message in one line, as others are: libpq ends its lines, and puts hints on further ones.
std::string one_line(const char* message) {
    std::string text = message == nullptr ? "" : message;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n'))
        text.replace(at, 1, "; ");
    for (auto at = text.find('\t'); at != std::string::npos; at = text.find('\t'))
        text.erase(at, 1);
    return text.empty() ? "no reason given" : text;
}

PostgresRows rows_of(const PGresult* result) {
    PostgresRows rows;
    const int columns = ::PQnfields(result);
    const int count = ::PQntuples(result);
    rows.columns = static_cast<std::size_t>(columns);
    rows.cells.reserve(rows.columns * static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
        for (int column = 0; column < columns; ++column) {
            rows.cells.emplace_back(::PQgetvalue(result, row, column),
                                    static_cast<std::size_t>(::PQgetlength(result, row, column)));
        }
    }
    return rows;
}

/// The arguments of PQsendQueryParams and its like.
struct Parameters {
    Parameters(std::span<const std::string> given, int format) {
        for (const auto& one : given) {
            values.push_back(one.data());
            lengths.push_back(static_cast<int>(one.size()));
            formats.push_back(format);
        }
    }
    int count() const { return static_cast<int>(values.size()); }

    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

class LibpqConnection : public PostgresConnection {
public:
    explicit LibpqConnection(PGconn* connection) : connection_(connection) {
        ::PQsetNoticeProcessor(
            connection_, [](void*, const char*) {}, nullptr);
    }
    ~LibpqConnection() override { ::PQfinish(connection_); }
    LibpqConnection(const LibpqConnection&) = delete;
    LibpqConnection& operator=(const LibpqConnection&) = delete;

    void set_patience(Patience patience) override { patience_ = std::move(patience); }

    PostgresRows run(const std::string& sql, std::span<const std::string> parameters) override {
        const Parameters all(parameters, kText);
        started(parameters.empty()
                    ? ::PQsendQuery(connection_, sql.c_str())
                    : ::PQsendQueryParams(connection_, sql.c_str(), all.count(), nullptr,
                                          all.values.data(), all.lengths.data(), all.formats.data(),
                                          kText));
        return rows_of(finish().get());
    }

    PostgresRows ask(const std::string& sql, std::span<const std::string> parameters) override {
        const auto& name = prepared(sql);
        const Parameters all(parameters, kBinary);
        started(::PQsendQueryPrepared(connection_, name.c_str(), all.count(), all.values.data(),
                                      all.lengths.data(), all.formats.data(), kBinary));
        return rows_of(finish().get());
    }

    void begin_copy(const std::string& sql) override { begin(sql, PGRES_COPY_IN); }

    void put(std::string_view bytes) override {
        if (::PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size())) == 1) return;
        fail(nullptr);
    }

    std::int64_t end_copy() override {
        if (::PQputCopyEnd(connection_, nullptr) != 1) fail(nullptr);
        const auto result = finish();
        const std::string_view said = ::PQcmdTuples(result.get());
        std::int64_t rows = 0;
        std::from_chars(said.data(), said.data() + said.size(), rows);
        return rows;
    }

    void begin_reading(const std::string& sql) override { begin(sql, PGRES_COPY_OUT); }

    bool read(std::string& piece) override {
        char* bytes = nullptr;
        const int size = ::PQgetCopyData(connection_, &bytes, 0);
        if (size > 0) piece.assign(bytes, static_cast<std::size_t>(size));
        ::PQfreemem(bytes);
        if (size > 0) return true;
        if (size == -2) fail(nullptr);
        finish();
        return false;
    }

private:
    const std::string& prepared(const std::string& sql) {
        const auto [found, fresh] = names_.try_emplace(sql, "p" + std::to_string(names_.size()));
        if (!fresh) return found->second;
        try {
            started(::PQsendPrepare(connection_, found->second.c_str(), sql.c_str(), 0, nullptr));
            finish();
        } catch (...) {
            names_.erase(found);
            throw;
        }
        return found->second;
    }

    void begin(const std::string& sql, ExecStatusType wanted) {
        started(::PQsendQuery(connection_, sql.c_str()));
        const auto result = next();
        if (::PQresultStatus(result.get()) == wanted) return;
        fail(result.get());
    }

    void started(int good) {
        if (good == 1) return;
        fail(nullptr);
    }

    /// The last result of what was sent; the first failure among them is thrown.
    Result finish() {
        Result last;
        Result failed;
        while (auto result = next()) {
            const auto status = ::PQresultStatus(result.get());
            const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
            if (!good && !failed)
                failed = std::move(result);
            else
                last = std::move(result);
        }
        if (failed) fail(failed.get());
        return last;
    }

    Result next() {
        const auto end = Clock::now() + std::chrono::duration<double>(patience_.seconds);
        bool cancelled = false;
        while (::PQisBusy(connection_) == 1) {
            pollfd ready{::PQsocket(connection_), POLLIN, 0};
            ::poll(&ready, 1, kGlanceMilliseconds);
            if (ready.revents != 0 && ::PQconsumeInput(connection_) != 1) fail(nullptr);
            if (patience_.seconds > 0 && Clock::now() > end) {
                cancel();
                throw PostgresProblem(too_slow(), "57014", true);
            }
            if (cancelled || !patience_.stopped || !patience_.stopped()) continue;
            cancelled = true;  // its answer is that it was
            cancel();
        }
        return Result(::PQgetResult(connection_));
    }

    std::string too_slow() const {
        const auto seconds = std::to_string(patience_.seconds);
        return "it has not answered within " + seconds.substr(0, seconds.find('.') + 2) + " s";
    }

    void cancel() {
        char ignored[256];
        auto* const how = ::PQgetCancel(connection_);
        if (how != nullptr) ::PQcancel(how, ignored, sizeof ignored);
        ::PQfreeCancel(how);
    }

    /// The result's complaint, or the connection's.
    [[noreturn]] void fail(const PGresult* result) {
        const char* state =
            result == nullptr ? nullptr : ::PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char* said = result == nullptr
                               ? ::PQerrorMessage(connection_)
                               : ::PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        if (said == nullptr) said = ::PQresultErrorMessage(result);
        // Reads whether the other side has closed, which libpq finds out only by reading.
        ::PQconsumeInput(connection_);
        const std::string code = state == nullptr ? "" : state;
        const bool lost = ::PQstatus(connection_) != CONNECTION_OK || code.starts_with("57P");
        throw PostgresProblem(one_line(said), code, lost);
    }

    PGconn* connection_;
    Patience patience_;
    std::map<std::string, std::string> names_;  ///< of prepared statements, by their text
};

}  // namespace

std::unique_ptr<PostgresConnection> connect_with_libpq(const std::string& url) {
    // What the URL says comes later and wins.
    const char* const patience = std::getenv("PGCONNECT_TIMEOUT") == nullptr ? "10" : nullptr;
    const char* const keys[] = {"fallback_application_name", "connect_timeout", "dbname", nullptr};
    const char* const values[] = {"pmatch", patience, url.c_str(), nullptr};
    constexpr int kExpandUrl = 1;
    PGconn* const connection = ::PQconnectdbParams(keys, values, kExpandUrl);
    if (connection == nullptr) throw std::bad_alloc();
    auto opened = std::make_unique<LibpqConnection>(connection);
    if (::PQstatus(connection) != CONNECTION_OK)
        throw PostgresProblem(one_line(::PQerrorMessage(connection)), "", true);
    return opened;
}

}  // namespace pmatch
