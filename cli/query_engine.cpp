#include "cli/query_engine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/list_summaries.hpp"
#include "cli/query_round.hpp"
#include "cli/stopwatch.hpp"
#include "data/caption_store.hpp"
#include "data/item_filter.hpp"

namespace pmatch::cli {
namespace {

/// A picture's weight needs a preset that uses picture and text together.
std::string preset_name(const RankingOptions& options) {
    return options.image_weight && options.preset == "auto" ? "multimodal" : options.preset;
}

std::string parts_phrase(bool picture, bool text) {
    if (picture && text) return "a picture and a text";
    if (picture) return "a picture";
    return text ? "a text" : "neither picture nor text";
}

}  // namespace

QueryEngine::QueryEngine(const Collection& collection, const RankingOptions& options,
                         Context& context)
    : collection_(collection),
      options_(options),
      context_(context),
      preset_(preset_name(options), list_summaries(collection.manifest(), preset_name(options))),
      items_(collection),
      encoders_(context, options.known) {
    if (options_.image_weight) preset_.set_image_weight(*options_.image_weight);
    for (const auto& choice : preset_.choices())
        check_field(choice.recipe.collapse);
    check_field(options_.collapse);
    check_there_is_a_model();
    if (options_.where.empty()) return;
    const Stopwatch watch;
    allowed_ = rows_where(collection, options_.where);
    context_.console.detail(fmt::format("query: --where: {} of {} items, {:.1f} ms",
                                        grouped(allowed_->size()), grouped(items_.count()),
                                        watch.milliseconds()));
    if (allowed_->size() == 0) context_.console.warning("--where holds for none of the items");
}

QueryEngine::~QueryEngine() = default;

void QueryEngine::check_there_is_a_model() const {
    const auto& choices = preset_.choices();
    if (options_.features.empty() ||
        std::any_of(choices.begin(), choices.end(),
                    [](const auto& one) { return one.recipe.rescore.has_value(); }))
        return;
    throw UsageError{
        fmt::format("--features is for a preset with a model, which {} has not", preset_.name()),
        "give --preset matcher"};
}

void QueryEngine::check_field(const std::string& field) const {
    if (field.empty()) return;
    std::vector<std::string> names;
    for (const auto& one : collection_.manifest().items.fields)
        names.push_back(one.name);
    if (std::find(names.begin(), names.end(), field) != names.end()) return;
    throw UsageError{fmt::format("the items have no field '{}' to collapse by", field),
                     fmt::format("name one of: {}", fmt::join(names, ", "))};
}

ListSearch& QueryEngine::list(const ListName& name) {
    auto& search = lists_[name];
    if (!search) {
        search = open_list(collection_, name, encoders_, context_);
        if (allowed_) search->restrict_to(*allowed_);
    }
    return *search;
}

const std::string& QueryEngine::id_of(std::int64_t row) {
    auto& id = ids_[row];
    if (id.empty()) id = items_.id_of(row);
    return id;
}

IdOfRow QueryEngine::id_getter() {
    return [this](std::int64_t row) -> const std::string& { return id_of(row); };
}

std::string QueryEngine::cell_of(std::int64_t row, const std::string& field) const {
    for (auto& [name, cell] : items_.fields_of(row)) {
        if (name == field) return std::move(cell);
    }
    return {};
}

/// The recipe for this query has a list of captions, which its picture would be described for.
bool QueryEngine::compares_caption_of(const Query& query) const {
    if (query.pictures.empty()) return false;
    const auto of_captions = [](const ListSpec& list) { return list.source == kCaptionSource; };
    const auto* choice = preset_.choice_for(
        [&](const ListSpec& list) { return of_captions(list) || has_input_for(list, query); });
    return choice != nullptr &&
           std::any_of(choice->recipe.lists.begin(), choice->recipe.lists.end(), of_captions);
}

std::vector<Query> QueryEngine::with_captions(std::vector<Query> queries) {
    const auto& captions = collection_.manifest().captions;
    if (!captions) return queries;
    Numbers which;
    std::vector<Query> described;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (!compares_caption_of(queries[i])) continue;
        which.push_back(i);
        described.push_back(queries[i]);
    }
    if (which.empty()) return queries;
    if (!captioner_) captioner_.emplace(*captions, context_);
    captioner_->describe(described);
    for (std::size_t i = 0; i < which.size(); ++i)
        queries[which[i]] = std::move(described[i]);
    return queries;
}

std::vector<AnsweredQuery> QueryEngine::answer(const std::vector<Query>& given, int top) {
    const auto queries = with_captions(given);
    std::vector<AnsweredQuery> answered(queries.size());
    std::map<const ResolvedRecipe*, Numbers> by_choice;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto& query = queries[i];
        auto& [result, problem, ranked, recipe] = answered[i];
        result.query = query.id;
        problem = query.problem;
        if (problem.code.empty()) {
            const auto* choice = preset_.choice_for(
                [&](const ListSpec& list) { return has_input_for(list, query); });
            if (choice != nullptr) {
                recipe = &choice->recipe;
                by_choice[choice].push_back(i);
                continue;
            }
            problem = {
                "nothing_to_compare",
                fmt::format("this query has {}, and preset {} compares nothing of it in this "
                            "collection (`pmatch status` lists its spaces)",
                            parts_phrase(!query.pictures.empty(), !query.text.empty()),
                            preset_.name())};
        }
        result.failed = true;
    }
    for (const auto& [choice, which] : by_choice)
        answer_by(*choice, queries, which, top, answered);
    if (options_.rows_only) return answered;
    for (auto& one : answered)
        take_answers(one);
    return answered;
}

std::vector<AskedList> QueryEngine::ask(const ResolvedRecipe& choice,
                                        const std::vector<Query>& queries, const Numbers& which) {
    std::vector<AskedList> lists(choice.names.size());
    double weight = 0;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const auto& spec = choice.recipe.lists[i];
        const auto open = [&]() -> ListSearch& {
            auto& search = list(choice.names[i]);
            check_exact(collection_, choice.recipe.name, spec, choice.names[i], search);
            return search;
        };
        lists[i] = ask_list(spec, queries, which, open);
        if (lists[i].search != nullptr) weight += spec.weight;
    }
    if (weight == 0) {
        context_.console.warning(
            fmt::format("preset {} gives weight 0 to all that these queries can be compared with: "
                        "every score is 0",
                        choice.recipe.name));
    }
    return lists;
}

}  // namespace pmatch::cli
