#include "core/engine/engine.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/stopwatch.hpp"
#include "core/engine/answer_run.hpp"
#include "core/engine/collecting_observer.hpp"
#include "core/ranking/score_meaning.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/number_text.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kPresets = 64;
constexpr std::size_t kConditions = 64;

/// A picture weight requires a preset that uses picture and text together.
std::string preset_name(const RankingOptions& options) {
    return options.image_weight && options.preset == "auto" ? "multimodal" : options.preset;
}

/// Equal keys give equal presets; a modified file gets another key.
std::string preset_key(const std::string& name, const std::optional<double>& image_weight) {
    auto key = name;
    if (image_weight) key += fmt::format("\n{}", *image_weight);
    std::error_code none;
    const auto time = std::filesystem::last_write_time(name, none);
    if (!none) key += fmt::format("\n{}", time.time_since_epoch().count());
    return key;
}

void check_field(const std::string& field, const CollectionSource& source) {
    if (field.empty()) return;
    const auto names = source.fields();
    if (std::find(names.begin(), names.end(), field) != names.end()) return;
    throw UsageError{fmt::format("the items have no field '{}' to collapse by{}", field,
                                 did_you_mean(field, names)),
                     fmt::format("name one of: {}", fmt::join(names, ", "))};
}

void warn_of_min_score(const Recipe& recipe, RankingPlan& plan) {
    if (!plan.options.min_score || scores_compare_across_queries(recipe)) return;
    plan.warnings.emplace_back(fmt::format("--min-score {:g} with preset {}: a score there is {}",
                                           *plan.options.min_score, recipe.name,
                                           score_meaning(recipe, plan.options.batch)));
}

}  // namespace

const CandidateReranker& ServedPreset::reranker(const CollectionSource& source,
                                                const ResolvedRecipe& choice,
                                                const Execution& execution) const {
    return rerankers_.get(&choice, [&] {
        for (auto remedy : choice.would_help) {
            remedy.name_collection(source.given_path());
            execution.observer.note(
                {fmt::format("preset {} would do better with one list more", choice.recipe.name),
                 std::move(remedy)});
        }
        return std::make_unique<CandidateReranker>(source, choice.recipe, execution);
    });
}

const PictureVerifier& ServedPreset::verifier(const CollectionSource& source,
                                              const ResolvedRecipe& choice,
                                              const Execution& execution) const {
    return verifiers_.get(&choice, [&] {
        if (choice.would_verify) {
            auto remedy = *choice.would_verify;
            remedy.name_collection(source.given_path());
            execution.observer.note(
                {fmt::format("preset {} would also compare pictures point by point with a space of "
                             "local features",
                             choice.recipe.name),
                 std::move(remedy)});
        }
        const auto options = choice.recipe.verify.value_or(VerifyOptions{});
        return std::make_unique<PictureVerifier>(
            options, choice.recipe.verify ? source.keypoints(options.space) : nullptr);
    });
}

bool RankingPlan::has_model() const {
    const auto& choices = preset().choices();
    return std::any_of(choices.begin(), choices.end(),
                       [](const auto& one) { return one.recipe.rescore.has_value(); });
}

RankOptions RankingPlan::rank_options(int top) const {
    RankOptions result;
    result.top = top;
    result.min_score = options.min_score;
    return result;
}

Engine::Engine(std::unique_ptr<const CollectionSource> source, int threads)
    : source_(std::move(source)),
      threads_(threads),
      ids_(source_->items()),
      presets_(kPresets),
      conditions_(kConditions) {}

Engine::~Engine() = default;

RankingPlan Engine::plan(const RankingOptions& options, const Execution& execution) const {
    const auto name = preset_name(options);
    RankingPlan plan;
    plan.options = options;
    plan.served = presets_.get(preset_key(name, options.image_weight), [&] {
        return naming_collection(source_->given_path(), [&] {
            Preset preset(name, source_->available(name));
            if (options.image_weight) preset.set_image_weight(*options.image_weight);
            return std::make_shared<const ServedPreset>(std::move(preset));
        });
    });
    for (const auto& choice : plan.preset().choices()) {
        check_field(choice.recipe.collapse, *source_);
        warn_of_min_score(choice.recipe, plan);
    }
    check_field(options.collapse, *source_);
    if (!options.where.empty()) restrict_to_where(plan, execution.observer);
    for (const auto& warning : plan.warnings)
        execution.observer.warning(warning);
    return plan;
}

void Engine::restrict_to_where(RankingPlan& plan, const Observer& observer) const {
    const auto& where = plan.options.where;
    const Stopwatch watch;
    const auto filtered = conditions_.get(
        where, [&] { return std::make_shared<const FilteredRows>(source_->rows_where(where)); });
    plan.allowed = {filtered, &filtered->rows};
    plan.warnings.insert(plan.warnings.end(), filtered->warnings.begin(), filtered->warnings.end());
    observer.detail(fmt::format("query: --where: {} of {} items, {:.1f} ms",
                                grouped(plan.allowed->size()), grouped(items().count()),
                                watch.milliseconds()));
    if (plan.allowed->size() == 0)
        plan.warnings.emplace_back("--where holds for none of the items");
}

Result Engine::answer(const Request& request) const {
    const CollectingObserver observer;
    const Execution execution{observer, threads_};
    const auto checked = plan(request.ranking, execution);
    AnswerOptions options;
    options.top = request.top;
    options.cancelled = request.cancelled;
    auto result = answer(checked, request.queries, options, execution);
    result.notes = observer.notes();
    result.warnings = observer.warnings();
    if (request.explain) return result;
    for (auto& one : result.answers) {
        for (auto& item : one.ranked)
            item.parts.clear();
    }
    return result;
}

Result Engine::answer(const RankingPlan& plan, const std::vector<Query>& queries,
                      const AnswerOptions& options, const Execution& execution) const {
    return naming_collection(source_->given_path(), [&] {
        return AnswerRun(*this, plan, options, {execution, options.cancelled}).run(queries);
    });
}

const Retriever& Engine::retriever(const RetrieverId& id, const Execution& execution) const {
    return retrievers_.get(id, [&] {
        return naming_collection(source_->given_path(),
                                 [&] { return source_->open(id, execution); });
    });
}

const Retriever& Engine::retriever(const Recipe& recipe, const ListSpec& spec,
                                   const RetrieverId& id, const Execution& execution) const {
    const auto& found = retriever(id, execution);
    if (!spec.exact || found.exact()) return found;
    throw Error{
        fmt::format("preset '{}' compares every vector of space '{}', whose index does not",
                    recipe.name, id.name),
        source_->directory(),
        Command{"build-index", source_->directory(), {"--space", id.name, "--layout", "Flat"}}};
}

void Engine::describe(std::vector<Query>& queries, const Source& captions,
                      const Asking& asking) const {
    const std::lock_guard lock(describing_);
    describers_.get(captions.name(), [&] { return source_->describer(captions); })
        .describe(queries, asking);
}

}  // namespace pmatch
