#include <nlohmann/json.hpp>

#include "cli/tuning/tune_report.hpp"
#include "core/text/json_text.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const MeanOverSplits& value) {
    return {{"mean", value.mean}, {"half", value.half}};
}

Json json_of(const TwoValues& values) {
    return {{"start", values.start}, {"chosen", values.chosen}};
}

Json json_of(const RecipeChoice& choice) {
    return {{"start", json_of(choice.start)},
            {"chosen", json_of(choice.chosen)},
            {"gain", json_of(choice.gain)},
            {"p", choice.p},
            {"is_gain", choice.is_gain()}};
}

Json splits_json(const TuneReport& report) {
    auto all = Json::array();
    for (const auto& [contender, train, held_out] : report.choice.splits) {
        all.push_back({{"chosen", report.contenders[contender]},
                       {"train", json_of(train)},
                       {"held_out", json_of(held_out)}});
    }
    return all;
}

Json bm25_json(const TuneReport& report, const CommandWriter& write) {
    auto all = Json::array();
    for (const auto& one : report.bm25) {
        all.push_back({{"index", one.index},
                       {"now", {{"k1", one.now.k1}, {"b", one.now.b}}},
                       {"chosen", {{"k1", one.chosen.k1}, {"b", one.chosen.b}}},
                       {"held_out", json_of(one.choice)},
                       {"command", write(one.command)}});
    }
    return all;
}

}  // namespace

std::string tune_json(const TuneReport& report, const CommandWriter& write) {
    Json json{{"queries", report.asked},
              {"labelled", report.labelled},
              {"groups", report.groups},
              {"recipes", report.recipes},
              {"metric", report.metric},
              {"batch", report.batch},
              {"seed", report.seed},
              {"start", {{"preset", report.start}, {"recipe", report.start_line}}},
              {"chosen", report.choice.is_gain() ? report.chosen_line() : report.start_line},
              {"best_on_all", report.chosen_line()},
              {"gain", report.choice.is_gain()},
              {"verdict", report.verdict()},
              {"train",
               {{"start", json_of(report.train(&TwoValues::start))},
                {"chosen", json_of(report.train(&TwoValues::chosen))}}},
              {"held_out", json_of(report.choice)},
              {"all", json_of(report.choice.all)},
              {"splits", splits_json(report)}};
    if (report.threshold) {
        const auto& threshold = *report.threshold;
        json["threshold"] = {{"wanted", threshold.wanted},
                             {"min_score", threshold.min_score},
                             {"precision", json_of(threshold.precision)},
                             {"recall", json_of(threshold.recall)},
                             {"f1", json_of(threshold.f1)}};
    }
    json["bm25"] = bm25_json(report, write);
    json["out"] = report.out.string();
    return json_text(json, 2) + "\n";
}

}  // namespace pmatch
