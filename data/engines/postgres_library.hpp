/// The part of pmatch that includes libpq is a shared library of its own, opened when an engine is
/// first asked: nobody else should pay for libpq and what it loads (OpenSSL, Kerberos, LDAP).
#pragma once

#include <memory>
#include <string>

#include "core/files/companion_library.hpp"
#include "data/engines/postgres_connection.hpp"

namespace pmatch {

struct PostgresFunctions {
    const char* stamp;  ///< identifies its sources; checked before everything else

    /// `url` as libpq takes it. Throws PostgresProblem.
    std::unique_ptr<PostgresConnection> (*connect)(const std::string& url);
};

inline constexpr CompanionLibrary kPostgresLibrary{"libpmatch_postgres.so", "pmatch_postgres",
                                                   "speaks with PostgreSQL"};

/// Throws SystemError if it cannot be opened.
const PostgresFunctions& postgres_library();

}  // namespace pmatch
