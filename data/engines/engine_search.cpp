#include "data/engines/engine_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "core/retrieval/shared_encoder.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kFilters = 16;
constexpr double kPatienceSeconds = 30;
constexpr std::int64_t kSlack = 8;  // more than asked for: ties, and several vectors of an item
constexpr std::int64_t kDeepest = 20'000;  // rows of an index; beyond, all are compared
constexpr int kLeastCandidates = 200;      // that the index keeps while it searches
constexpr int kMostCandidates = 1000;      // hnsw.ef_search's own limit

/// Of every session that asks. The plan depends on how many are asked for, so it is made each time.
constexpr const char* kSettings =
    "SET plan_cache_mode TO force_custom_plan; SET jit TO off;"
    " SET hnsw.iterative_scan TO strict_order; SET hnsw.max_scan_tuples TO 100000";

struct Hits {
    std::vector<Neighbour> items;  ///< best first, each once
    std::size_t answered = 0;      ///< rows of the answer
    float last = 0;                ///< score of the last of them
};

/// Whether nothing behind the answer can belong to the first `depth`, nor tie with the last.
bool is_enough(const Hits& hits, int depth) {
    const auto wanted = static_cast<std::size_t>(depth);
    return hits.items.size() >= wanted && hits.last < hits.items[wanted - 1].score;
}

std::vector<std::int64_t> rows_of(const RowSet& set) {
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; static_cast<std::int64_t>(rows.size()) < set.size(); ++row) {
        if (set.contains(row)) rows.push_back(row);
    }
    return rows;
}

std::vector<Neighbour> first_with_ties(std::vector<Neighbour> items, int depth) {
    auto end = static_cast<std::size_t>(depth);
    if (items.size() <= end) return items;
    const auto worst = items[end - 1].score;
    while (end < items.size() && items[end].score == worst)
        ++end;
    items.resize(end);
    return items;
}

}  // namespace

/// A connection that is used by one thread at a time.
class EngineSearch::Session {
public:
    Session(const EngineAddress& address) : connection_(open_session(address, false)) {
        connection_->run(kSettings);
    }

    PostgresConnection& connection() { return *connection_; }

    void keep_candidates(std::int64_t limit) {
        const auto wanted = static_cast<int>(
            std::clamp<std::int64_t>(2 * limit, kLeastCandidates, kMostCandidates));
        if (wanted == candidates_) return;
        connection_->run(fmt::format("SET hnsw.ef_search TO {}", wanted));
        candidates_ = wanted;
    }

private:
    std::unique_ptr<PostgresConnection> connection_;
    int candidates_ = 0;
};

/// One query in one session.
class EngineSearch::Job {
public:
    Job(const EngineTable& table, Session& session, std::span<const float> query)
        : table_(table), session_(session), query_(wire_vector(query, table.element)) {}

    /// In the index, deeper and deeper, until enough pass; else by comparison.
    std::vector<Neighbour> nearest(int depth, const RowSet* allowed, const std::string* rows) {
        if (allowed != nullptr && allowed->size() <= kFewRows) return few(depth, *rows);
        for (auto limit = first_limit(depth, allowed); limit < std::min(kDeepest, table_.vectors);
             limit *= 4) {
            session_.keep_candidates(limit);
            auto hits = ask(table_.sql.nearest(), limit, allowed);
            if (is_enough(hits, depth)) return first_with_ties(std::move(hits.items), depth);
            if (static_cast<std::int64_t>(hits.answered) < limit) break;  // the index gave up
        }
        if (allowed != nullptr) return few(depth, *rows);
        return until_enough(depth, [&](std::int64_t limit) {
            return ask(table_.sql.nearest_exact(), limit, nullptr);
        });
    }

    std::vector<Neighbour> exactly(int depth) {
        return until_enough(depth, [&](std::int64_t limit) {
            return ask(table_.sql.nearest_exact(), limit, nullptr);
        });
    }

    std::vector<Neighbour> complete(const std::string* rows) {
        std::vector<std::string> parameters{query_};
        if (rows != nullptr) parameters.push_back(*rows);
        const auto& sql = rows == nullptr ? table_.sql.distances() : table_.sql.distances_of_rows();
        return hits_of(session_.connection().ask(sql, parameters), nullptr).items;
    }

private:
    std::int64_t first_limit(int depth, const RowSet* allowed) const {
        const double share =
            allowed == nullptr || table_.vectors == 0
                ? 1
                : static_cast<double>(allowed->size()) / static_cast<double>(table_.vectors);
        return static_cast<std::int64_t>(std::ceil(depth / std::min(share, 1.0) * 1.2)) + kSlack;
    }

    std::vector<Neighbour> few(int depth, const std::string& rows) {
        return until_enough(depth, [&](std::int64_t limit) {
            const std::string parameters[] = {query_, wire_number(limit), rows};
            return hits_of(session_.connection().ask(table_.sql.nearest_of_rows(), parameters),
                           nullptr);
        });
    }

    template <typename Ask>
    std::vector<Neighbour> until_enough(int depth, const Ask& ask_for) {
        for (auto limit = depth + kSlack;; limit *= 4) {
            auto hits = ask_for(limit);
            if (is_enough(hits, depth) || static_cast<std::int64_t>(hits.answered) < limit)
                return first_with_ties(std::move(hits.items), depth);
        }
    }

    Hits ask(const std::string& sql, std::int64_t limit, const RowSet* allowed) {
        const std::string parameters[] = {query_, wire_number(limit)};
        return hits_of(session_.connection().ask(sql, parameters), allowed);
    }

    Hits hits_of(const PostgresRows& rows, const RowSet* allowed) const {
        Hits hits;
        hits.answered = rows.count();
        std::vector<Neighbour> all;
        for (std::size_t i = 0; i < rows.count(); ++i) {
            const auto row = number_from_wire(rows.at(i, 0));
            const auto score = static_cast<float>(-real_from_wire(rows.at(i, 2)));
            hits.last = score;
            if (allowed != nullptr && !allowed->contains(row)) continue;
            const auto ordinal = static_cast<std::int32_t>(number_from_wire(rows.at(i, 1)));
            if (!table_.hidden || !table_.hidden(row, ordinal)) all.push_back({row, score});
        }
        std::sort(all.begin(), all.end(), better_neighbour);
        std::unordered_set<std::int64_t> seen;
        for (const auto& one : all) {
            if (seen.insert(one.row).second) hits.items.push_back(one);
        }
        return hits;
    }

    const EngineTable& table_;
    Session& session_;
    std::string query_;
};

EngineSearch::EngineSearch(EngineTable table) : table_(std::move(table)), filters_(kFilters) {}

EngineSearch::~EngineSearch() = default;

std::unique_ptr<EngineSearch::Session> EngineSearch::idle_session() const {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto session = std::move(idle_.back());
    idle_.pop_back();
    return session;
}

/// A connection that was kept may have ended since, say because the server was restarted: what was
/// asked is asked once more in a new one.
template <typename Asked>
auto EngineSearch::with_session(const std::stop_token& cancelled, const Asked& asked) const {
    return naming_engine(table_.address, [&] {
        const auto attempt = [&](std::unique_ptr<Session> session) {
            session->connection().set_patience(
                {kPatienceSeconds, [&cancelled] { return cancelled.stop_requested(); }});
            auto result = asked(*session);
            const std::lock_guard lock(mutex_);
            idle_.push_back(std::move(session));
            return result;
        };
        try {
            auto kept = idle_session();
            return attempt(kept ? std::move(kept) : std::make_unique<Session>(table_.address));
        } catch (const PostgresProblem& problem) {
            if (cancelled.stop_requested()) throw Cancelled();
            if (!problem.lost() || problem.state() == "57014") throw;
            const std::lock_guard lock(mutex_);
            idle_.clear();
        }
        return attempt(std::make_unique<Session>(table_.address));
    });
}

std::vector<Neighbour> EngineSearch::search(std::span<const float> query,
                                            const RetrievalRequest& request,
                                            const std::stop_token& cancelled) const {
    const auto rows = request.allowed == nullptr ? nullptr : filters_.get(request.allowed, [&] {
        return std::make_shared<const std::string>(wire_array(rows_of(*request.allowed)));
    });
    return with_session(cancelled, [&](Session& session) {
        Job job(table_, session, query);
        return request.complete ? job.complete(rows.get())
                                : job.nearest(request.depth, request.allowed.get(), rows.get());
    });
}

std::vector<Neighbour> EngineSearch::search_exactly(std::span<const float> query, int count) const {
    return with_session(
        {}, [&](Session& session) { return Job(table_, session, query).exactly(count); });
}

std::vector<std::vector<float>> EngineSearch::sample(int count) const {
    if (table_.vectors == 0) return {};
    return with_session({}, [&](Session& session) {
        // More than enough, as what chance takes differs; the limit takes the first of them.
        const auto percent =
            std::min(100.0, 300.0 * count / static_cast<double>(table_.vectors) + .1);
        const auto rows = session.connection().ask(table_.sql.sample(percent, count), {});
        std::vector<std::vector<float>> vectors;
        for (std::size_t i = 0; i < rows.count(); ++i)
            vectors.push_back(vector_from_wire(rows.at(i, 0), table_.element));
        return vectors;
    });
}

}  // namespace pmatch
