#include "cli/serve/answers/answers_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/output/explanation_json.hpp"
#include "cli/output/matched_points.hpp"
#include "cli/serve/requests/uploaded_picture.hpp"
#include "core/text/escape.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Relative to the address of the collection.
std::string thumb_path(const std::string& item, std::size_t picture) {
    return fmt::format("thumb/{}/{}", percent_encoded(item, "-._~"), picture);
}

Json fields_json(const ItemReader& items, std::int64_t row) {
    auto fields = Json::object();
    for (auto& [name, cell] : items.fields_of(row)) {
        if (!cell.empty()) fields[name] = std::move(cell);
    }
    return fields;
}

Json thumbs_json(const ItemReader& items, const std::string& item, std::int64_t row) {
    auto thumbs = Json::array();
    const auto pictures = items.pictures_of(row).size();
    for (std::size_t i = 0; i < pictures; ++i)
        thumbs.push_back(thumb_path(item, i));
    return thumbs;
}

Json explanation_with_points(const RankedItem& ranked, const Recipe& recipe) {
    auto json = explanation_json(ranked, recipe);
    auto points = shown_points_json(ranked.verified.get());
    if (!points.is_null() && json.contains("verify")) json["verify"]["drawing"] = std::move(points);
    return json;
}

Json answers_of(const AnsweredQuery& answered, const AnswerContext& context) {
    const auto& items = context.engine.items();
    const auto& recipe = *answered.recipe;
    auto answers = Json::array();
    for (std::size_t i = 0; i < answered.result.answers.size(); ++i) {
        const auto& [item, score] = answered.result.answers[i];
        const auto& ranked = answered.ranked[i];
        Json answer{{"rank", i + 1},
                    {"item", item},
                    {"score", score},
                    {"title", items.title_of(ranked.row)},
                    {"fields", fields_json(items, ranked.row)},
                    {"thumbs", thumbs_json(items, item, ranked.row)}};
        if (recipe.rescore && !recipe.rescore->odds.empty()) answer["odds"] = ranked.odds;
        if (context.explain) answer["explain"] = explanation_with_points(ranked, recipe);
        answers.push_back(std::move(answer));
    }
    return answers;
}

/// What all answers begin with.
Json head(const AnswerContext& context) {
    return {{"generation", context.engine.source().generation()}, {"top_k", context.top}};
}

std::string finished(Json json, const AnswerContext& context) {
    json["warnings"] = context.warnings;
    return json_text(json) + "\n";
}

}  // namespace

std::string answer_json(const AnsweredQuery& answered, const AnswerContext& context) {
    auto json = head(context);
    json["preset"] = answered.recipe->name;
    json["answers"] = answers_of(answered, context);
    return finished(std::move(json), context);
}

std::string batch_json(const std::vector<AnsweredQuery>& answered, const AnswerContext& context) {
    auto json = head(context);
    auto results = Json::array();
    for (const auto& one : answered) {
        Json result{{"query", one.result.query}};
        if (one.result.failed || one.recipe == nullptr) {
            result["problem"] = {{"code", one.problem.code},
                                 {"detail", without_paths(one.problem.detail)}};
        } else {
            result["preset"] = one.recipe->name;
            result["answers"] = answers_of(one, context);
        }
        results.push_back(std::move(result));
    }
    json["results"] = std::move(results);
    return finished(std::move(json), context);
}

std::string item_json(const Engine& engine, std::int64_t row) {
    const auto& items = engine.items();
    const auto item = items.id_of(row);
    const Json json{{"generation", engine.source().generation()},
                    {"item", item},
                    {"title", items.title_of(row)},
                    {"fields", fields_json(items, row)},
                    {"thumbs", thumbs_json(items, item, row)}};
    return json_text(json) + "\n";
}

}  // namespace pmatch::cli
