#include "core/lexical/bm25_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "core/lexical/bm25_writer.hpp"
#include "core/lexical/posting_block.hpp"

namespace pmatch {
namespace {

void check_options(const Bm25Options& options) {
    if (!std::isfinite(options.k1) || options.k1 < 0) {
        throw UsageError{fmt::format("k1 is {}", options.k1), "give a number from 0 on, as 1.2"};
    }
    if (!(options.b >= 0 && options.b <= 1)) {
        throw UsageError{fmt::format("b is {}", options.b), "give a number from 0 to 1, as 0.75"};
    }
}

/// Merges several runs: a term's postings are concatenated, which keeps them ascending because each
/// run covers later items than the one before it.
class Merge {
public:
    explicit Merge(std::vector<std::unique_ptr<PostingRun>> runs) : runs_(std::move(runs)) {
        for (auto& run : runs_)
            if (run->next()) open_.push_back(run.get());
    }

    bool next(std::string& term, std::vector<Posting>& postings) {
        if (open_.empty()) return false;
        const auto least =
            std::min_element(open_.begin(), open_.end(),
                             [](const auto* a, const auto* b) { return a->term() < b->term(); });
        term = (*least)->term();
        postings.clear();
        std::erase_if(open_, [&](PostingRun* run) {
            if (run->term() != term) return false;
            const auto& more = run->postings();
            postings.insert(postings.end(), more.begin(), more.end());
            return !run->next();
        });
        return true;
    }

private:
    std::vector<std::unique_ptr<PostingRun>> runs_;
    std::vector<PostingRun*> open_;  ///< that contain the term, in the order of their items
};

/// Rank of each of `rows` in `rows_by_id`.
std::vector<std::uint32_t> order_of(const std::vector<std::int64_t>& rows,
                                    std::span<const std::int64_t> rows_by_id) {
    std::vector<std::uint32_t> order(rows.size());
    if (rows_by_id.empty()) {
        std::iota(order.begin(), order.end(), 0U);
        return order;
    }
    std::uint32_t place = 0;
    for (const auto row : rows_by_id) {
        const auto found = std::lower_bound(rows.begin(), rows.end(), row);
        if (found == rows.end() || *found != row) continue;
        order[static_cast<std::size_t>(found - rows.begin())] = place++;
    }
    return order;
}

}  // namespace

struct Bm25Builder::State {
    std::filesystem::path target;
    Bm25Options options;
    std::size_t memory = 0;
    TermSplitter splitter;
    PostingBlock block;
    std::vector<std::unique_ptr<PostingRun>> runs;
    std::vector<std::int64_t> rows;
    std::vector<std::uint32_t> lengths;

    Merge merge() {
        if (!block.empty()) runs.push_back(block.in_memory());
        return Merge(std::move(runs));
    }
};

Bm25Builder::Bm25Builder(std::filesystem::path target, const Bm25Options& options,
                         std::size_t memory)
    : state_(std::make_unique<State>(State{
          std::move(target), options, memory, TermSplitter(options.analyser), {}, {}, {}, {}})) {
    check_options(options);
}

Bm25Builder::~Bm25Builder() = default;
Bm25Builder::Bm25Builder(Bm25Builder&&) noexcept = default;
Bm25Builder& Bm25Builder::operator=(Bm25Builder&&) noexcept = default;

std::int64_t Bm25Builder::items() const {
    return static_cast<std::int64_t>(state_->rows.size());
}

void Bm25Builder::add(std::int64_t row, std::string_view text) {
    auto& state = *state_;
    if (row < 0 || (!state.rows.empty() && row <= state.rows.back())) {
        throw Error{fmt::format("row {} comes after row {}", row,
                                state.rows.empty() ? -1 : state.rows.back()),
                    state.target.string(), "add rows in ascending order"};
    }
    if (state.rows.size() >= kMostBm25Items) {
        throw Error{fmt::format("a lexical index holds at most {} items", kMostBm25Items),
                    state.target.string(), "split the catalog"};
    }
    const auto& terms = state.splitter.split(text);
    state.block.add(static_cast<std::uint32_t>(state.rows.size()), terms);
    state.rows.push_back(row);
    state.lengths.push_back(static_cast<std::uint32_t>(terms.size()));
    if (state.block.memory() > state.memory) state.runs.push_back(state.block.spill(state.target));
}

FileRecord Bm25Builder::finish(const Bm25Origin& origin, std::span<const std::int64_t> rows_by_id) {
    auto& state = *state_;
    auto merge = state.merge();
    Bm25Writer writer(state.target, state.options, state.lengths);
    std::string term;
    std::vector<Posting> postings;
    while (merge.next(term, postings))
        writer.add(term, postings);
    return writer.finish(origin, state.rows, order_of(state.rows, rows_by_id));
}

}  // namespace pmatch
