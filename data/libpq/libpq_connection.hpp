/// Internal: connections to PostgreSQL with libpq.
#pragma once

#include <memory>
#include <string>

#include "data/engines/postgres_connection.hpp"

namespace pmatch {

/// As PostgresFunctions::connect.
std::unique_ptr<PostgresConnection> connect_with_libpq(const std::string& url);

}  // namespace pmatch
