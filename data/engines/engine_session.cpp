#include "data/engines/engine_session.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "data/engines/postgres_library.hpp"

namespace pmatch {
namespace {

constexpr const char* kFacts =
    "SELECT current_setting('server_version_num'), current_setting('server_version'),"
    " coalesce(max(e.extversion), ''), coalesce(max(quote_ident(n.nspname)), '')"
    " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
    " WHERE e.extname = 'vector'";

Remedy remedy_of(const PostgresProblem& problem) {
    const std::string_view state = problem.state();
    if (state.empty() && problem.lost())
        return "check that the server runs, its address, and who may connect; libpq takes a "
               "password "
               "from $PGPASSWORD, ~/.pgpass or a service file";
    if (state == "57014") return "ask again, or look at what else the server does";
    if (state.starts_with("57P") || state.starts_with("08"))
        return "ask again when the server is back";
    if (state.starts_with("28")) return "check user and password ($PGPASSWORD, ~/.pgpass)";
    if (state == "42501")
        return "let the server's administrator grant it: CREATE on the database to push, USAGE on "
               "schema pmatch and SELECT on its tables to ask";
    if (state == "42P01" || state == "3F000") return {"push it:", {{"push", "", {"URL"}}}};
    if (state.starts_with("53")) return "give the server more disk, memory or connections";
    return "see the server's log";
}

bool is_of_the_moment(std::string_view state) {
    return state.empty() || state.starts_with("57") || state.starts_with("08") ||
           state.starts_with("53");
}

[[noreturn]] void refuse_version(const EngineAddress& address, const std::string& what,
                                 const std::string& wanted) {
    throw Error{fmt::format("the engine has {}, and {} is needed", what, wanted), address.shown(),
                fmt::format("install {} there, or take another server", wanted)};
}

}  // namespace

void throw_engine_error(const PostgresProblem& problem, const EngineAddress& address) {
    const auto what = fmt::format("the engine: {}", problem.what());
    if (is_of_the_moment(problem.state()))
        throw SystemError{what, address.shown(), remedy_of(problem)};
    throw Error{what, address.shown(), remedy_of(problem)};
}

bool is_recent_vector(const std::string& version) {
    std::array<int, 3> found{};
    const auto* at = version.data();
    const auto* const end = at + version.size();
    for (auto& number : found) {
        const auto [stop, failure] = std::from_chars(at, end, number);
        if (failure != std::errc{}) break;
        at = stop == end ? end : stop + 1;
    }
    return found[0] > kOldestVector[0] ||
           (found[0] == kOldestVector[0] && found[1] >= kOldestVector[1]);
}

std::unique_ptr<PostgresConnection> open_session(const EngineAddress& address, bool prepare) {
    auto session = postgres_library().connect(address.url());
    auto facts = session->run(kFacts);
    int server = 0;
    const auto& number = facts.at(0, 0);
    std::from_chars(number.data(), number.data() + number.size(), server);
    if (server < kOldestServer)
        refuse_version(address, "PostgreSQL " + facts.at(0, 1), "PostgreSQL 13 or newer");
    if (facts.at(0, 2).empty() && prepare) {
        session->run("CREATE EXTENSION IF NOT EXISTS vector");
        facts = session->run(kFacts);
    }
    const auto& version = facts.at(0, 2);
    if (version.empty())
        refuse_version(address, "no extension 'vector' in this database", "pgvector 0.8");
    if (!is_recent_vector(version))
        refuse_version(address, "pgvector " + version, "pgvector 0.8 or newer");
    session->run(fmt::format("SET search_path TO {}, pg_catalog", facts.at(0, 3)));
    return session;
}

}  // namespace pmatch
