/// Sessions with an engine: a PostgreSQL server with pgvector.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/common/error.hpp"
#include "data/engines/engine_url.hpp"
#include "data/engines/postgres_connection.hpp"

namespace pmatch {

/// The oldest pgvector: 0.8 searches an index on until enough is found.
inline constexpr int kOldestVector[] = {0, 8};
/// The oldest server, 13: what pgvector 0.8 needs.
inline constexpr int kOldestServer = 130'000;

class EngineAddress {
public:
    explicit EngineAddress(std::string url)
        : url_(std::move(url)), shown_(url_without_password(url_)) {}

    const std::string& url() const { return url_; }      ///< may hold a password
    const std::string& shown() const { return shown_; }  ///< never does
    bool has_password() const { return url_ != shown_; }

private:
    std::string url_;
    std::string shown_;
};

/// What the server objected to, as an error with its remedy: SystemError where nothing is wrong
/// with what was asked or is stored.
[[noreturn]] void throw_engine_error(const PostgresProblem& problem, const EngineAddress& address);

/// Runs `job`; a PostgresProblem becomes an error that names the engine.
template <typename Job>
decltype(auto) naming_engine(const EngineAddress& address, const Job& job) {
    try {
        return job();
    } catch (const PostgresProblem& problem) {
        throw_engine_error(problem, address);
    }
}

/// Whether "0.8.1" is `oldest` or newer.
bool is_recent_vector(const std::string& version);

/// A connection to a server that is recent enough and has pgvector, whose names it finds. `prepare`
/// creates the extension where it is missing. Throws PostgresProblem and Error.
std::unique_ptr<PostgresConnection> open_session(const EngineAddress& address, bool prepare);

}  // namespace pmatch
