#include "cli/indexing/shard_option.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr const char* kRemedy =
    "write i/n, counted from 0 (such as 0/8), or run it as a task of a Slurm array or of an "
    "indexed Kubernetes job, there with --shard auto/n";

/// The scheduler's variables.
class Variables {
public:
    explicit Variables(const std::function<const char*(const char*)>& variable)
        : variable_(variable) {}

    std::optional<int> number(const char* name) const {
        const char* text = variable_ ? variable_(name) : std::getenv(name);
        if (text == nullptr || *text == '\0') return std::nullopt;
        const std::string_view digits(text);
        int value = 0;
        const auto* const end = digits.data() + digits.size();
        const auto [stop, failure] = std::from_chars(digits.data(), end, value);
        if (failure == std::errc{} && stop == end && value >= 0) return value;
        throw UsageError{fmt::format("${} is '{}', expected a whole number", name, text), kRemedy};
    }

private:
    const std::function<const char*(const char*)>& variable_;
};

struct Task {
    int index = 0;
    std::optional<int> count;
};

/// With a count of its own the task's id is the share, so that an array of a few tasks makes the
/// missing shares of a larger one.
std::optional<Task> slurm_task(const Variables& variables, bool count_given) {
    const auto id = variables.number("SLURM_ARRAY_TASK_ID");
    if (!id) return std::nullopt;
    if (count_given) return Task{*id, std::nullopt};
    const auto first = variables.number("SLURM_ARRAY_TASK_MIN").value_or(0);
    const auto step = variables.number("SLURM_ARRAY_TASK_STEP").value_or(1);
    return Task{(*id - first) / (step > 0 ? step : 1), variables.number("SLURM_ARRAY_TASK_COUNT")};
}

std::optional<Task> kubernetes_task(const Variables& variables) {
    const auto index = variables.number("JOB_COMPLETION_INDEX");
    if (!index) return std::nullopt;
    return Task{*index, std::nullopt};
}

}  // namespace

Shard shard_option(const std::string& text,
                   const std::function<const char*(const char*)>& variable) {
    const auto slash = text.find('/');
    if (text.substr(0, slash) != "auto") return Shard::parse(text);
    const Variables variables(variable);
    const bool count_given = slash != std::string::npos;
    auto task = slurm_task(variables, count_given);
    if (!task) task = kubernetes_task(variables);
    if (!task) {
        throw UsageError{
            "--shard auto finds no scheduler: neither $SLURM_ARRAY_TASK_ID nor "
            "$JOB_COMPLETION_INDEX is set",
            kRemedy};
    }
    if (count_given) {
        const auto count = Shard::parse("0" + text.substr(slash)).count;
        if (task->index >= count) {
            throw UsageError{
                fmt::format("the scheduler's task has the number {}, and --shard {} takes "
                            "0 to {}",
                            task->index, text, count - 1),
                "count the tasks from 0 (Slurm: --array=0-N), or use --shard auto"};
        }
        return Shard::parse(fmt::format("{}/{}", task->index, text.substr(slash + 1)));
    }
    if (!task->count) {
        throw UsageError{
            "--shard auto does not know the number of shards: the scheduler does not "
            "tell it",
            "write it: --shard auto/n"};
    }
    return Shard::parse(fmt::format("{}/{}", task->index, *task->count));
}

}  // namespace pmatch
