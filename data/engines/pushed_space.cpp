#include "data/engines/pushed_space.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pmatch {
namespace {

template <typename Number>
Number number_of(const std::string& text) {
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Remedy push_remedy(const EngineAddress& address, const std::string& space,
                   std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{address.shown(), "--space", space};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Command{"push", "", std::move(arguments)};
}

}  // namespace

PushedSpace expected_space(const EngineRecord& engine, const SpaceRecord& space) {
    PushedSpace expected;
    expected.identity = engine.identity;
    expected.fingerprint = space.fingerprint;
    expected.precision = space.precision;
    expected.dim = space.dim;
    expected.element = element_of(engine.type);
    expected.stamp = space.stamp;
    return expected;
}

std::optional<PushedSpace> find_pushed(PostgresConnection& session, const std::string& collection,
                                       const std::string& space, bool lock) {
    const std::string there = "SELECT to_regclass('pmatch.spaces') IS NOT NULL";
    if (session.run(there).at(0, 0) != "t") return std::nullopt;
    const std::string names[] = {collection, space};
    const auto rows = session.run(
        std::string(
            "SELECT format, identity, fingerprint, precision, dim, type, stamp, pushing,"
            " shards, done, vectors FROM pmatch.spaces WHERE collection = $1 AND space = $2") +
            (lock ? " FOR UPDATE" : ""),
        names);
    if (rows.count() == 0) return std::nullopt;
    PushedSpace found;
    found.format = number_of<int>(rows.at(0, 0));
    found.identity = rows.at(0, 1);
    found.fingerprint = rows.at(0, 2);
    found.precision = rows.at(0, 3);
    found.dim = number_of<int>(rows.at(0, 4));
    found.element = element_of(rows.at(0, 5));
    found.stamp = rows.at(0, 6);
    found.pushing = rows.at(0, 7);
    found.shards = number_of<int>(rows.at(0, 8));
    found.done = rows.at(0, 9);
    found.vectors = number_of<std::int64_t>(rows.at(0, 10));
    return found;
}

void check_same_space(const PushedSpace& found, const PushedSpace& expected,
                      const std::string& space, const EngineAddress& address) {
    if (found.format != kEngineFormat) {
        throw Error{fmt::format("the engine's tables have format {}, this pmatch reads {}",
                                found.format, kEngineFormat),
                    address.shown(), "upgrade pmatch, or push to another database"};
    }
    if (found.identity != expected.identity) {
        throw Error{
            fmt::format("the space '{}' of this name was pushed there by another collection, "
                        "of identity {:.12}; this one is {:.12}",
                        space, found.identity, expected.identity),
            address.shown(), "push this one under another name: --as NAME"};
    }
    const auto refuse = [&](const char* what, const auto& there, const auto& here) {
        throw Error{fmt::format("space '{}': the vectors there have {} {}, the collection's {}",
                                space, what, there, here),
                    address.shown(), push_remedy(address, space, {"--replace"})};
    };
    if (found.fingerprint != expected.fingerprint)
        refuse("fingerprint", fmt::format("{:.12}", found.fingerprint),
               fmt::format("{:.12}", expected.fingerprint));
    if (found.precision != expected.precision)
        refuse("precision", found.precision, expected.precision);
    if (found.dim != expected.dim) refuse("dimension", found.dim, expected.dim);
    if (found.element != expected.element)
        refuse("type", type_name(found.element), type_name(expected.element));
}

void check_current(const PushedSpace& found, const PushedSpace& expected, const std::string& space,
                   const EngineAddress& address) {
    check_same_space(found, expected, space, address);
    if (!expected.stamp.empty() && found.stamp == expected.stamp) return;
    if (found.pushing == expected.stamp) {
        throw Error{
            fmt::format("space '{}': the push to the engine has not ended ({} shards, done: "
                        "{})",
                        space, found.shards, found.done),
            address.shown(), push_remedy(address, space)};
    }
    throw Error{
        fmt::format("space '{}' has changed since it was pushed: the engine has state {:.12}, "
                    "the collection {:.12}",
                    space, found.stamp, expected.stamp),
        address.shown(), push_remedy(address, space)};
}

}  // namespace pmatch
