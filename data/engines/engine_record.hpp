/// engines.json of a collection: the servers that its vectors were pushed to. It lies beside the
/// manifest, as what it says is no part of the collection's state.
#pragma once

#include <map>
#include <string>

#include "data/collection/collection.hpp"
#include "data/engines/engine_session.hpp"

namespace pmatch {

struct EngineRecord {
    std::string url;         ///< without a password
    std::string collection;  ///< the collection's name there
    std::string identity;    ///< random: tells collections of one name from each other
    std::string type;        ///< of the values there: "halfvec" or "vector"

    friend bool operator==(const EngineRecord&, const EngineRecord&) = default;
};

/// By the names that --engine takes; empty without the file. Throws Error if it is damaged.
std::map<std::string, EngineRecord> engines_of(const Collection& collection);

struct KnownEngine {
    EngineAddress address;
    EngineRecord record;
};

/// The engine of that name or address. Throws Error with the remedy if nothing was pushed to it.
KnownEngine find_engine(const Collection& collection, const std::string& name_or_url);

struct NewEngine {
    std::string name;        ///< that --engine will take
    std::string collection;  ///< its name there; empty = as before, else the directory's
    std::string type;        ///< "halfvec" or "vector"; empty = as before, else halfvec
};

/// The record of an engine that is pushed to, which is written down if it is new or has changed:
/// then other writers of the collection are kept out for a moment. Throws UsageError for names
/// that are not plain.
EngineRecord record_engine(const Collection& collection, const EngineAddress& address,
                           const NewEngine& wanted);

}  // namespace pmatch
