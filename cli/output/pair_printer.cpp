#include "cli/output/pair_printer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text/escape.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string csv_header(const Matched& matched, const char* columns) {
    std::string line = columns;
    for (const auto& list : matched.table.lists())
        line += "," + csv_cell(list + ".score") + "," + csv_cell(list + ".rank");
    return line;
}

const char* verdict_of(const ScoredPair& pair, float sure) {
    return pair.score >= sure ? "match" : "review";
}

std::string csv_evidence(const Matched& matched, std::optional<std::size_t> place) {
    std::string line;
    for (std::size_t list = 0; list < matched.table.lists().size(); ++list) {
        const auto part = place ? matched.table.part(list, *place) : PairPart{};
        if (!part.present()) {
            line += ",,";
        } else {
            line +=
                fmt::format(",{:.6f},{}", part.raw, part.rank > 0 ? std::to_string(part.rank) : "");
        }
    }
    return line;
}

Json json_evidence(const Matched& matched, std::optional<std::size_t> place) {
    Json lists = Json::object();
    if (!place) return lists;
    for (std::size_t list = 0; list < matched.table.lists().size(); ++list) {
        const auto part = matched.table.part(list, *place);
        if (!part.present()) continue;
        auto& entry = lists[matched.table.lists()[list]];
        entry["score"] = part.raw;
        if (part.rank > 0) entry["rank"] = part.rank;
    }
    return lists;
}

std::string line_of(const Json& json) {
    return json_text(json) + "\n";
}

}  // namespace

std::optional<std::size_t> place_of(const Matched& matched, std::uint32_t left,
                                    std::uint32_t right) {
    const auto there = matched.table.find(left, right);
    if (!matched.alone) return there;
    const auto back = matched.table.find(right, left);
    if (!there || !back) return there ? there : back;
    const auto& pairs = matched.table.pairs();
    return pairs[*back].score > pairs[*there].score ? back : there;
}

void print_pairs_csv(const Matched& matched, std::span<const ScoredPair> pairs,
                     const Write& write) {
    write(csv_header(matched, "query,item,score") + ",margin" +
          (matched.sure ? ",verdict\n" : "\n"));
    for (const auto& pair : pairs) {
        write(fmt::format("{},{},{:.6f}", csv_cell(matched.left.id_of(pair.left)),
                          csv_cell(matched.right.id_of(pair.right)), pair.score));
        write(csv_evidence(matched, place_of(matched, pair.left, pair.right)));
        const auto margin = matched.runners_up.margin(pair);
        write(margin ? fmt::format(",{:.6f}", *margin) : ",");
        write(matched.sure ? fmt::format(",{}\n", verdict_of(pair, *matched.sure)) : "\n");
    }
}

void print_pairs_jsonl(const Matched& matched, std::span<const ScoredPair> pairs,
                       const Write& write) {
    for (const auto& pair : pairs) {
        Json line{{"query", matched.left.id_of(pair.left)},
                  {"item", matched.right.id_of(pair.right)},
                  {"score", pair.score},
                  {"lists", json_evidence(matched, place_of(matched, pair.left, pair.right))}};
        if (const auto margin = matched.runners_up.margin(pair)) line["margin"] = *margin;
        if (matched.sure) line["verdict"] = verdict_of(pair, *matched.sure);
        write(line_of(line));
    }
}

void print_groups_csv(const Matched& matched, std::span<const Group> groups, const Write& write) {
    write(csv_header(matched, "group,item,medoid,score") + "\n");
    for (const auto& group : groups) {
        const auto medoid = csv_cell(matched.left.id_of(group.medoid));
        for (const auto member : group.members) {
            const auto place = place_of(matched, member, group.medoid);
            write(fmt::format(
                "{},{},{},{}", group.number, csv_cell(matched.left.id_of(member)), medoid,
                place ? fmt::format("{:.6f}", matched.table.pairs()[*place].score) : ""));
            write(csv_evidence(matched, place) + "\n");
        }
    }
}

void print_groups_jsonl(const Matched& matched, std::span<const Group> groups, const Write& write) {
    for (const auto& group : groups) {
        Json members = Json::array();
        for (const auto member : group.members) {
            auto& entry = members.emplace_back(Json{{"item", matched.left.id_of(member)}});
            const auto place = place_of(matched, member, group.medoid);
            if (!place) continue;
            entry["score"] = matched.table.pairs()[*place].score;
            entry["lists"] = json_evidence(matched, place);
        }
        write(line_of({{"group", group.number},
                       {"medoid", matched.left.id_of(group.medoid)},
                       {"members", std::move(members)}}));
    }
}

}  // namespace pmatch::cli
