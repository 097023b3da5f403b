#include "data/indexes/index_plan.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "core/common/error.hpp"
#include "core/index/index_layout.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/indexes/open_space_index.hpp"

namespace pmatch {
namespace {

/// Dead vectors cost memory, time and, in a graph, recall.
constexpr double kMostDead = 0.1;
/// Lists and codes were trained on the vectors of that time.
constexpr double kMostGrowth = 2;

/// The N of "IVF<N>,…"; 0 for other layouts.
double lists_of(const std::string& layout) {
    return layout.starts_with("IVF") ? std::strtod(layout.c_str() + 3, nullptr) : 0;
}

std::string tail_of(const std::string& layout) {
    const auto comma = layout.find(',');
    return comma == std::string::npos ? std::string() : layout.substr(comma);
}

IndexPlan refused(std::string reason) {
    IndexPlan plan;
    plan.reason = std::move(reason);
    return plan;
}

/// Why the index cannot be extended; empty if it can.
std::string reason_against(const IndexPlan& plan) {
    const auto& build = plan.former->build_info();
    const auto dead = static_cast<std::int64_t>(plan.dead.size()) + build.dead;
    // A new Flat index costs no more than copying the old one.
    if (plan.former->exact() && dead > 0) return fmt::format("{} of its vectors are dead", dead);
    if (static_cast<double>(dead) > kMostDead * static_cast<double>(build.count)) {
        return fmt::format("{} of its {} vectors are dead", dead, build.count);
    }
    const auto live = build.count - dead + plan.added;
    if (static_cast<double>(live) > kMostGrowth * static_cast<double>(build.trained) &&
        lists_of(build.layout) > 0) {
        return fmt::format("it was trained on {} vectors and would have {}", build.trained, live);
    }
    return {};
}

}  // namespace

std::string settle_layout(const Manifest& manifest, const std::string& space,
                          const std::string& wanted, std::int64_t count) {
    auto layout = resolve_layout(wanted, count);
    const auto entry = manifest.indexes.find(space);
    if (wanted != "auto" || entry == manifest.indexes.end()) return layout;
    const auto& former = entry->second.layout;
    const auto now = lists_of(former);
    const auto meant = lists_of(layout);
    const bool near = now > 0 && now < kMostGrowth * meant && meant < kMostGrowth * now;
    return near && tail_of(former) == tail_of(layout) ? former : layout;
}

IndexPlan plan_index(const Collection& collection, const std::string& space,
                     const std::string& layout) {
    const auto& indexes = collection.manifest().indexes;
    const auto entry = indexes.find(space);
    if (entry == indexes.end()) return {};
    if (entry->second.fingerprint != collection.space(space).fingerprint) {
        return refused("its vectors are another model's");
    }
    if (entry->second.layout != layout) {
        return refused(fmt::format("its layout was {}", entry->second.layout));
    }
    IndexPlan plan;
    try {
        plan.former.emplace(load_index(collection, entry->second));
        plan.keys.emplace(index_keys(collection, entry->second, *plan.former));
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        return refused("its files are damaged");
    }
    if (plan.keys->keys().empty()) return refused("it was made by an older pmatch");
    if (!plan.former->can_extend()) return refused("its layout cannot be extended");
    for_each_live_block(
        collection, space, [](std::span<const InputKey>, std::span<const float>) {},
        [&](const InputKey& key) {
            if (!plan.keys->find(key)) ++plan.added;
            return false;
        });
    plan.dead = plan.keys->not_found();
    if (auto reason = reason_against(plan); !reason.empty()) return refused(std::move(reason));
    return plan;
}

}  // namespace pmatch
