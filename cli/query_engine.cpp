#include "cli/query_engine.hpp"

#include <fmt/format.h>

#include "cli/lexical_search.hpp"
#include "cli/space_search.hpp"
#include "core/ranked_search.hpp"
#include "data/caption_store.hpp"

namespace pmatch::cli {
namespace {

std::vector<SpaceSummary> summaries(const Manifest& manifest) {
    std::vector<SpaceSummary> lists;
    for (const auto& [name, record] : manifest.spaces)
        lists.push_back({name, record.source});
    for (const auto& [name, record] : manifest.lexical)
        lists.push_back({name, record.source, record.analyser});
    return lists;
}

std::string parts_phrase(bool picture, bool text) {
    if (picture && text) return "a picture and a text";
    if (picture) return "a picture";
    return text ? "a text" : "neither picture nor text";
}

}  // namespace

QueryEngine::QueryEngine(const Collection& collection, const std::string& preset, Context& context)
    : collection_(collection),
      context_(context),
      preset_(preset, summaries(collection.manifest())),
      items_(collection) {}

QueryEngine::~QueryEngine() = default;

ListSearch& QueryEngine::list(const ListName& name) {
    auto& search = lists_[name];
    if (!search) {
        search = name.lexical ? open_lexical_search(collection_, name.name, context_)
                              : open_space_search(collection_, name.name, context_);
    }
    return *search;
}

const std::string& QueryEngine::id_of(std::int64_t row) {
    auto& id = ids_[row];
    if (id.empty()) id = items_.id_of(row);
    return id;
}

std::string QueryEngine::title_of(const std::string& id) const {
    const auto row = items_.row_of(id);
    return row ? items_.title_of(*row) : "";
}

bool QueryEngine::is_of_captions(const ListName& name) const {
    const auto& manifest = collection_.manifest();
    const auto& source =
        name.lexical ? manifest.lexical.at(name.name).source : manifest.spaces.at(name.name).source;
    return source == kCaptionSource;
}

std::vector<Query> QueryEngine::with_captions(std::vector<Query> queries) {
    const auto asked = preset_.list_for({/*picture=*/true, /*text=*/true});
    const auto& captions = collection_.manifest().captions;
    if (!captions || !asked || !is_of_captions(*asked)) return queries;
    if (!captioner_) captioner_.emplace(*captions, context_);
    captioner_->describe(queries);
    return queries;
}

std::vector<AnsweredQuery> QueryEngine::answer(const std::vector<Query>& given, int top) {
    const auto queries = with_captions(given);
    std::vector<ListResult> results(queries.size());
    std::map<ListName, std::vector<std::size_t>> by_list;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto& query = queries[i];
        results[i].problem = query.problem;
        if (!query.problem.code.empty()) continue;
        const bool text = !query.text.empty() || !query.fields.empty();
        const auto name = preset_.list_for({!query.pictures.empty(), text});
        if (name && list(*name).can_answer(query)) {
            by_list[*name].push_back(i);
        } else {
            results[i].problem = {
                "nothing_to_compare",
                fmt::format("this query has {}, and preset {} compares nothing of it in this "
                            "collection (`pmatch status` lists its spaces)",
                            parts_phrase(!query.pictures.empty(), text), preset_.name())};
        }
    }
    for (const auto& [name, which] : by_list) {
        std::vector<const Query*> asked;
        asked.reserve(which.size());
        for (const auto i : which)
            asked.push_back(&queries[i]);
        auto found = list(name).search(asked, top);
        for (std::size_t i = 0; i < which.size(); ++i)
            results[which[i]] = std::move(found[i]);
    }
    std::vector<AnsweredQuery> answered(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto& [result, problem] = answered[i];
        result.query = queries[i].id;
        problem = std::move(results[i].problem);
        // A query with several pictures is answered by those that could be read.
        result.failed = !problem.code.empty() && results[i].found.empty();
        if (!result.failed) {
            result.answers =
                rank(results[i].found, top, [this](std::int64_t row) { return id_of(row); });
        }
    }
    return answered;
}

}  // namespace pmatch::cli
