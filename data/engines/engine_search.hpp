/// Nearest vectors of a space, found by an engine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/retrieval/lazy.hpp"
#include "core/retrieval/retriever.hpp"
#include "data/engines/engine_session.hpp"
#include "data/engines/engine_sql.hpp"

namespace pmatch {

/// Up to so many rows that a filter leaves are compared one by one; more are looked for in the
/// index, and what the filter takes out is dropped here.
inline constexpr std::int64_t kFewRows = 20'000;

struct EngineTable {
    EngineAddress address;
    SpaceSql sql;
    VectorElement element = VectorElement::kHalf;
    std::int64_t vectors = 0;
    /// Inputs that are never to be found; empty = all may be.
    std::function<bool(std::int64_t row, std::int32_t ordinal)> hidden{};
};

/// Connects when first asked, and keeps a connection for each thread that asks at the same time.
/// Thread-safe.
class EngineSearch {
public:
    explicit EngineSearch(EngineTable table);
    ~EngineSearch();

    /// As Retriever wants it, with the ties of the last; each item with its best vector. Throws
    /// Error that names the engine, Cancelled when `cancelled` is requested.
    std::vector<Neighbour> search(std::span<const float> query, const RetrievalRequest& request,
                                  const std::stop_token& cancelled) const;
    /// The `count` nearest by comparison with all.
    std::vector<Neighbour> search_exactly(std::span<const float> query, int count) const;
    /// Up to `count` vectors of the table, the same ones in every call.
    std::vector<std::vector<float>> sample(int count) const;

    std::int64_t vectors() const { return table_.vectors; }

private:
    class Session;
    class Job;
    template <typename Asked>
    auto with_session(const std::stop_token& cancelled, const Asked& asked) const;
    std::unique_ptr<Session> idle_session() const;

    EngineTable table_;
    mutable RecentMap<std::shared_ptr<const RowSet>, std::string> filters_;  ///< as parameters
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Session>> idle_;  ///< guarded by mutex_
};

}  // namespace pmatch
