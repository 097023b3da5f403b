#include "core/index/index_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "core/common/error.hpp"
#include "core/files/hash.hpp"
#include "core/index/faiss_index.hpp"
#include "core/index/index_layout.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kRecallQueries = 200;
constexpr std::int64_t kRecallDepth = 10;
constexpr double kRecallWanted = 0.99;
/// Stored vectors are easier to find in a graph than new queries, so the measurement starts above
/// FAISS's default of 16.
constexpr int kFirstEfSearch = 64;
/// Exact neighbours kept per query of the measurement; more than its depth because of ties: any of
/// the tied vectors is correct.
constexpr std::int64_t kExactDepth = 100;
/// Scores of equal vectors differ by less.
constexpr float kRounding = 1e-5F;
constexpr std::size_t kExactBlock = 16'384;

/// Selects `wanted` evenly spaced vectors out of `total`; called for each in order.
class EvenSample {
public:
    EvenSample(std::int64_t total, std::int64_t wanted)
        : total_(total), wanted_(std::min(total, wanted)) {}

    bool takes(std::int64_t position) {
        if (taken_ == wanted_ || position != taken_ * total_ / wanted_) return false;
        ++taken_;
        return true;
    }

private:
    std::int64_t total_;
    std::int64_t wanted_;
    std::int64_t taken_ = 0;
};

/// Selects at most `wanted` vectors that differ from each other: the first new one of each of as
/// many sections. Equal vectors tell the same, and where most are equal, an even sample would
/// leave out all others.
class DistinctSample {
public:
    DistinctSample(std::int64_t total, std::int64_t wanted)
        : total_(total), wanted_(std::min(total, wanted)) {}

    bool takes(std::int64_t position, std::span<const float> vector) {
        if (section_ == wanted_ || position < section_ * total_ / wanted_) return false;
        if (!taken_.insert(hash128(std::as_bytes(vector))).second) return false;
        while (section_ < wanted_ && section_ * total_ / wanted_ <= position)
            ++section_;
        return true;
    }

private:
    std::int64_t total_;
    std::int64_t wanted_;
    std::int64_t section_ = 0;  ///< the first that has none yet
    std::set<Hash128> taken_;   ///< of the vectors' bytes
};

struct ExactHit {
    std::int64_t position;
    float score;
};

void append(std::vector<float>& to, std::span<const float> vector) {
    to.insert(to.end(), vector.begin(), vector.end());
}

std::int64_t most_equal(std::vector<std::int64_t> rows) {
    std::erase(rows, -1);  // dead
    std::sort(rows.begin(), rows.end());
    std::int64_t most = 0;
    for (auto at = rows.begin(); at != rows.end();) {
        const auto end = std::upper_bound(at, rows.end(), *at);
        most = std::max<std::int64_t>(most, end - at);
        at = end;
    }
    return most;
}

std::string describe_determinism(const FaissIndex& index, const IndexBuild& build) {
    if (index.exact()) return "exact";
    const auto& layout = build.layout;
    const bool graph =
        layout.find("HNSW") != std::string::npos || layout.find("NSG") != std::string::npos;
    std::string text =
        graph ? "depends on the order in which threads added vectors to the graph; one thread: "
                "equal for equal vectors, order and FAISS build"
              : "equal for equal vectors, order, threads and FAISS build";
    if (build.trained == build.count && build.dead == 0) return text;
    return text + "; extended since it was built, so that it depends on earlier catalogs, too";
}

}  // namespace

struct IndexBuilder::State {
    State(FaissIndex former, IndexBuild before, std::vector<std::int64_t> its_rows,
          std::int64_t new_count)
        : layout(before.layout),
          index(std::move(former)),
          width(static_cast<std::size_t>(index.dim())),
          expected(before.count + new_count),
          dead(std::count(its_rows.begin(), its_rows.end(), -1)),
          trained(before.trained),
          training(0, 0),
          queries(expected - dead, kRecallQueries),
          rows(std::move(its_rows)),
          largest_square(static_cast<double>(before.largest_norm) * before.largest_norm),
          extends(true) {}

    State(int dim, const IndexOptions& options, std::int64_t count)
        : layout(resolve_layout(options.layout, count)),
          index(dim, layout),
          width(static_cast<std::size_t>(dim)),
          expected(count),
          trained(count),
          training(count, !index.needs_training() ? 0
                          : options.train_rows == 0
                              ? count
                              : static_cast<std::int64_t>(options.train_rows)),
          queries(count, kRecallQueries) {}

    void train();
    /// Searches positions.size() vectors, block by block, so that float32 vectors need not be kept.
    void search_exactly(std::span<const std::int64_t> positions, std::span<const float> vectors);
    std::vector<std::uint8_t> live_bits() const;
    double recall() const;
    void choose_search_parameter(IndexBuild& build);

    std::string layout;
    FaissIndex index;
    std::size_t width;
    std::int64_t expected;  ///< at the end, including dead ones
    std::int64_t dead = 0;
    std::int64_t trained;
    EvenSample training;
    DistinctSample queries;
    std::int64_t sampled = 0;
    std::vector<float> training_vectors;
    std::vector<float> query_vectors;  ///< stored vectors used as queries of the measurement
    std::vector<std::vector<ExactHit>> exact;  ///< per query, best first
    std::vector<std::int64_t> rows;
    double largest_square = 0;
    bool extends = false;

    static void check_count(std::string_view what, std::int64_t came, std::int64_t wanted) {
        if (came == wanted) return;
        throw Error{
            fmt::format("{} vectors came {}, expected {}", came, what, wanted), {}, index_remedy()};
    }
};

IndexBuilder::IndexBuilder(int dim, const IndexOptions& options, std::int64_t expected_count) {
    if (dim < 1 || expected_count < 0) {
        throw Error{
            fmt::format("an index of {} vectors of {} values cannot be", expected_count, dim),
            {},
            "embed the items again with `pmatch embed`"};
    }
    state_ = std::make_unique<State>(dim, options, expected_count);
}

IndexBuilder::IndexBuilder(Index index, std::span<const std::int64_t> dead,
                           std::int64_t new_count) {
    std::vector<std::int64_t> rows(index.rows().begin(), index.rows().end());
    for (const auto position : dead)
        rows.at(static_cast<std::size_t>(position)) = -1;
    auto build = index.build_info();
    state_ = std::make_unique<State>(index.release(), std::move(build), std::move(rows), new_count);
}

IndexBuilder::~IndexBuilder() = default;
IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;

const std::string& IndexBuilder::layout() const {
    return state_->layout;
}
bool IndexBuilder::wants_sample() const {
    return !state_->index.exact();
}

void IndexBuilder::sample(std::span<const float> vectors) {
    auto& state = *state_;
    if (!wants_sample()) return;
    for (std::size_t at = 0; at + state.width <= vectors.size(); at += state.width) {
        const auto vector = vectors.subspan(at, state.width);
        if (state.training.takes(state.sampled)) append(state.training_vectors, vector);
        if (state.queries.takes(state.sampled, vector)) append(state.query_vectors, vector);
        ++state.sampled;
    }
}

void IndexBuilder::add(std::span<const std::int64_t> rows, std::span<const float> vectors) {
    auto& state = *state_;
    if (vectors.size() != rows.size() * state.width) {
        throw Error{fmt::format("a block has {} values for {} vectors of {}", vectors.size(),
                                rows.size(), state.width),
                    {},
                    "embed the items again with `pmatch embed`"};
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        double square = 0;
        for (const float value : vectors.subspan(i * state.width, state.width)) {
            square += static_cast<double>(value) * value;
        }
        if (!std::isfinite(square)) {
            throw Error{fmt::format("a vector of row {} holds a value that is not a finite number",
                                    rows[i]),
                        {},
                        "embed the items again with `pmatch embed`"};
        }
        state.largest_square = std::max(state.largest_square, square);
    }
    if (rows.empty()) return;
    if (state.index.needs_training()) state.train();
    if (wants_sample() && !state.extends) {
        std::vector<std::int64_t> positions(rows.size());
        std::iota(positions.begin(), positions.end(), static_cast<std::int64_t>(state.rows.size()));
        state.search_exactly(positions, vectors);
    }
    state.index.add(vectors);
    state.rows.insert(state.rows.end(), rows.begin(), rows.end());
}

void IndexBuilder::compare(std::span<const std::int64_t> positions,
                           std::span<const float> vectors) {
    if (state_->extends && wants_sample()) state_->search_exactly(positions, vectors);
}

void IndexBuilder::State::train() {
    check_count("for the sample", sampled, expected);
    index.train(training_vectors);
    training_vectors = {};
}

/// Keeps each query's best vectors over all blocks so far.
void IndexBuilder::State::search_exactly(std::span<const std::int64_t> positions,
                                         std::span<const float> vectors) {
    const auto number = query_vectors.size() / width;
    exact.resize(number);
    if (number == 0) return;
    while (!vectors.empty()) {
        const auto block = vectors.first(std::min(kExactBlock * width, vectors.size()));
        FaissIndex flat(index.dim(), "Flat");
        flat.add(block);
        const auto depth = std::min(kExactDepth, flat.count());
        const auto hits = flat.search(query_vectors, depth);
        for (std::size_t i = 0; i < hits.positions.size(); ++i) {
            exact[i / static_cast<std::size_t>(depth)].push_back(
                {positions[static_cast<std::size_t>(hits.positions[i])], hits.scores[i]});
        }
        for (auto& best : exact) {
            std::stable_sort(best.begin(), best.end(), [](const ExactHit& a, const ExactHit& b) {
                return a.score > b.score;
            });
            if (best.size() > kExactDepth) best.resize(kExactDepth);
        }
        positions = positions.subspan(static_cast<std::size_t>(flat.count()));
        vectors = vectors.subspan(block.size());
    }
}

/// Empty if all are live.
std::vector<std::uint8_t> IndexBuilder::State::live_bits() const {
    std::vector<std::uint8_t> bits;
    if (dead == 0) return bits;
    bits.resize((rows.size() + 7) / 8);
    for (std::size_t at = 0; at < rows.size(); ++at) {
        if (rows[at] < 0) continue;
        bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | (1U << (at % 8)));
    }
    return bits;
}

/// Mean recall@10 of the index with its current parameters against exact search.
double IndexBuilder::State::recall() const {
    const auto depth = std::min(kRecallDepth, index.count() - dead);
    const auto live = live_bits();
    const auto hits = index.search(query_vectors, depth, 1, live);
    std::int64_t found = 0;
    for (std::size_t i = 0; i < hits.positions.size(); ++i) {
        const auto& best = exact[i / static_cast<std::size_t>(depth)];
        const float border = best[static_cast<std::size_t>(depth) - 1].score;
        const bool listed = std::any_of(best.begin(), best.end(), [&](const ExactHit& hit) {
            return hit.position == hits.positions[i] && hit.score >= border;
        });
        const bool more_tied = std::ssize(best) == kExactDepth && best.back().score == border;
        found +=
            listed || (more_tied && hits.positions[i] >= 0 && hits.scores[i] >= border - kRounding);
    }
    return static_cast<double>(found) / static_cast<double>(hits.positions.size());
}

void IndexBuilder::State::choose_search_parameter(IndexBuild& build) {
    const auto knob = index.knob();
    build.search_parameter = knob.name;
    build.search_value = knob.value;
    build.recall_sample = static_cast<std::int64_t>(query_vectors.size() / width);
    if (build.recall_sample == 0) return;
    if (knob.name == "efSearch") {
        build.search_value = kFirstEfSearch;
        index.set_knob(build.search_value);
    }
    build.recall = recall();
    if (knob.name.empty()) return;
    while (build.recall < kRecallWanted && build.search_value < knob.limit) {
        build.search_value = std::min(knob.limit, build.search_value * 2);
        index.set_knob(build.search_value);
        build.recall = recall();
    }
}

Index IndexBuilder::finish() {
    auto& state = *state_;
    if (wants_sample())
        State::check_count("for the sample", state.sampled, state.expected - state.dead);
    State::check_count("for the index", static_cast<std::int64_t>(state.rows.size()),
                       state.expected);
    if (state.index.needs_training()) state.train();
    IndexBuild build;
    build.layout = state.layout;
    build.dim = state.index.dim();
    build.count = state.index.count();
    build.most_per_row = most_equal(state.rows);
    build.largest_norm = static_cast<float>(std::sqrt(state.largest_square));
    build.dead = state.dead;
    build.trained = state.trained;
    build.determinism = describe_determinism(state.index, build);
    state.index.locate_stored();
    if (wants_sample()) state.choose_search_parameter(build);
    const bool any_dead = build.dead > 0;
    Index index(std::move(state.index), std::move(state.rows), std::move(build));
    if (any_dead) index.hide({});
    return index;
}

}  // namespace pmatch
