/// The only exported symbol of the library that includes libpq.
#include "data/engines/postgres_library.hpp"
#include "data/engines/postgres_stamp.hpp"
#include "data/libpq/libpq_connection.hpp"

extern "C" __attribute__((visibility("default"))) const pmatch::PostgresFunctions*
pmatch_postgres() {
    static constexpr pmatch::PostgresFunctions kFunctions{pmatch::kPostgresStamp,
                                                          pmatch::connect_with_libpq};
    return &kFunctions;
}
