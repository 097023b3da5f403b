#include "cli/list_summaries.hpp"

#include <algorithm>

#include "cli/encoder_pool.hpp"

namespace pmatch::cli {

std::vector<SpaceSummary> list_summaries(const Manifest& manifest, const std::string& preset) {
    std::vector<SpaceSummary> lists;
    for (const auto& [name, record] : manifest.spaces)
        lists.push_back({name, record.source});
    for (const auto& [name, record] : manifest.lexical)
        lists.push_back({name, record.source, record.analyser});
    const bool is_list = std::any_of(lists.begin(), lists.end(),
                                     [&](const auto& list) { return list.name == preset; });
    const auto recipe = is_list ? std::nullopt : find_recipe(preset);
    if (!recipe || !asks_for_both_towers(*recipe)) return lists;
    for (auto& list : lists) {
        if (list.analyser.empty())
            list.both_towers = has_both_towers(manifest.spaces.at(list.name));
    }
    return lists;
}

}  // namespace pmatch::cli
