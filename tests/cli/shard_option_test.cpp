#include "cli/indexing/shard_option.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/common/error.hpp"

namespace {

using pmatch::Shard;
using pmatch::UsageError;

/// Reads the option where the variables are these.
Shard read(const std::string& text, const std::map<std::string, std::string>& variables = {}) {
    return pmatch::shard_option(text, [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

TEST_CASE("a shard is written i/n and counted from 0") {
    CHECK(read("0/8") == Shard{0, 8});
    CHECK(read("7/8") == Shard{7, 8});
    for (const auto* const wrong :
         {"8/8", "-1/8", "1", "1/", "/8", "1/0", "a/b", "1/8x", "1/9999999", ""})
        CHECK_THROWS_AS(read(wrong), UsageError);
}

TEST_CASE("auto takes a task of a Slurm array, wherever its numbers begin") {
    CHECK(read("auto", {{"SLURM_ARRAY_TASK_ID", "5"},
                        {"SLURM_ARRAY_TASK_COUNT", "6"},
                        {"SLURM_ARRAY_TASK_MIN", "0"}}) == Shard{5, 6});
    // --array=1-6
    CHECK(read("auto", {{"SLURM_ARRAY_TASK_ID", "6"},
                        {"SLURM_ARRAY_TASK_COUNT", "6"},
                        {"SLURM_ARRAY_TASK_MIN", "1"}}) == Shard{5, 6});
    // --array=10-30:10
    CHECK(read("auto", {{"SLURM_ARRAY_TASK_ID", "20"},
                        {"SLURM_ARRAY_TASK_COUNT", "3"},
                        {"SLURM_ARRAY_TASK_MIN", "10"},
                        {"SLURM_ARRAY_TASK_STEP", "10"}}) == Shard{1, 3});
}

TEST_CASE("a few tasks of a larger array say how large it is") {
    // --array=3,5 after two tasks of eight were lost
    CHECK(read("auto/8", {{"SLURM_ARRAY_TASK_ID", "5"},
                          {"SLURM_ARRAY_TASK_COUNT", "2"},
                          {"SLURM_ARRAY_TASK_MIN", "3"}}) == Shard{5, 8});
}

TEST_CASE("tasks that are not counted from 0 are told so") {
    CHECK_THROWS_WITH_AS(
        read("auto/3", {{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_MIN", "1"}}),
        "the scheduler's task has the number 3, and --shard auto/3 takes 0 to 2", UsageError);
}

TEST_CASE("Kubernetes tells no number of tasks") {
    CHECK(read("auto/4", {{"JOB_COMPLETION_INDEX", "3"}}) == Shard{3, 4});
    CHECK_THROWS_AS(read("auto", {{"JOB_COMPLETION_INDEX", "3"}}), UsageError);
}

TEST_CASE("auto without a scheduler, or with nonsense from one, is an error") {
    CHECK_THROWS_AS(read("auto"), UsageError);
    CHECK_THROWS_AS(read("auto/4"), UsageError);
    CHECK_THROWS_AS(read("auto", {{"SLURM_ARRAY_TASK_ID", "x"}}), UsageError);
    CHECK_THROWS_AS(read("auto/2", {{"JOB_COMPLETION_INDEX", "2"}}), UsageError);
}

}  // namespace
