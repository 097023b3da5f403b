#include "cli/engine/open_engine_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/engine/collection_query_vectors.hpp"
#include "data/engines/engine_record.hpp"
#include "data/engines/pushed_space.hpp"

namespace pmatch {
namespace {

std::int64_t checked_count(const KnownEngine& engine, const std::string& space,
                           const PushedSpace& expected) {
    return naming_engine(engine.address, [&] {
        const auto session = open_session(engine.address, false);
        const auto found = find_pushed(*session, engine.record.collection, space, false);
        if (!found) {
            throw Error{fmt::format("space '{}' of '{}' was not pushed there", space,
                                    engine.record.collection),
                        engine.address.shown(),
                        {"push it:", {{"push", "", {engine.address.shown(), "--space", space}}}}};
        }
        check_current(*found, expected, space, engine.address);
        return found->vectors;
    });
}

}  // namespace

EngineTable open_engine_table(const Collection& collection, const std::string& space,
                              const std::string& engine, CollectionQueryVectors* known) {
    const auto there = find_engine(collection, engine);
    const auto& record = collection.manifest().spaces.at(space);
    const auto expected = expected_space(there.record, record);
    EngineTable table{there.address,
                      SpaceSql(there.record.collection, space, record.dim, expected.element),
                      expected.element, checked_count(there, space, expected)};
    if (known == nullptr) return table;
    if (known->blended_index(space)) {
        throw UsageError{"--blend compares blended vectors, and the engine has those of the models",
                         "leave --blend or --engine out"};
    }
    const auto& left_out = known->left_out(space);
    if (!left_out.empty()) {
        table.hidden = [&left_out](std::int64_t row, std::int32_t ordinal) {
            return left_out.contains({row, ordinal, {}});
        };
    }
    return table;
}

}  // namespace pmatch
