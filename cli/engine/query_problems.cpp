#include "cli/engine/query_problems.hpp"
#include "core/text/number_text.hpp"

#include <fmt/format.h>

namespace pmatch {
namespace {

constexpr std::int64_t kNamed = 10;

}  // namespace

void QueryProblems::add(const std::string& query, const Problem& problem, bool failed) {
    if (problem.code.empty()) return;
    if (failed) ++failed_;
    if (++counts_[problem.code] <= kNamed || observer_.verbose()) {
        observer_.warning(
            fmt::format("{} {}: {}: {}", nouns_.one, query, problem.code, problem.detail));
    }
}

void QueryProblems::finish() const {
    for (const auto& [code, count] : counts_) {
        if (count <= kNamed || observer_.verbose()) continue;
        observer_.warning(fmt::format("{} {} in all: {} (--verbose names them)", grouped(count),
                                      nouns_.many, code));
    }
}

}  // namespace pmatch
