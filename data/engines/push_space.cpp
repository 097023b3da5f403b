#include "data/engines/push_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "core/common/stopwatch.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/engines/key_comparison.hpp"
#include "data/engines/pushed_space.hpp"
#include "data/engines/vector_sender.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kRemovedAtOnce = 50'000;
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(hashtextextended('pmatch', 0))";

/// The caller has asked to stop.
struct Stopped {};

/// A transaction; rolled back unless it is committed.
class Transaction {
public:
    explicit Transaction(PostgresConnection& session) : session_(session) { session_.run("BEGIN"); }
    ~Transaction() {
        if (done_) return;
        try {
            session_.run("ROLLBACK");
        } catch (const PostgresProblem&) {  // NOLINT(bugprone-empty-catch): then it is lost anyway
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        session_.run("COMMIT");
        done_ = true;
    }

private:
    PostgresConnection& session_;
    bool done_ = false;
};

/// Arrays of the keys' parts, as texts: what SpaceSql::remove() takes.
std::vector<std::string> arrays_of(std::span<const InputKey> keys) {
    std::vector<std::string> arrays(3, "{");
    for (const auto& key : keys) {
        const char* between = arrays[0].size() == 1 ? "" : ",";
        arrays[0] += fmt::format("{}{}", between, key.row);
        arrays[1] += fmt::format("{}{}", between, key.ordinal);
        arrays[2] += between + key.content.hex();
    }
    for (auto& array : arrays)
        array += "}";
    return arrays;
}

class Push {
public:
    Push(const Collection& collection, const std::string& space, const EngineRecord& engine,
         const EngineAddress& address, const PushOptions& options)
        : collection_(collection),
          space_(space),
          engine_(engine),
          address_(address),
          options_(options),
          record_(collection.space(space)),
          expected_(expected_space(engine, record_)),
          sql_(engine.collection, space, record_.dim, expected_.element),
          session_(open_session(address, true)) {}

    PushOutcome run(const Observer& observer, const std::atomic<bool>& stop) {
        session_->set_patience({0, [&stop] { return stop.load(); }});
        begin();
        lock();
        const Stopwatch watch;
        try {
            send(observer, stop);
            outcome_.send_seconds = watch.milliseconds() / 1000;
            end();
        } catch (const Stopped&) {
            outcome_.interrupted = true;
        } catch (const PostgresProblem&) {
            if (!stop) throw;
            outcome_.interrupted = true;  // a statement that was cancelled
        }
        return outcome_;
    }

private:
    Shard shard() const { return options_.shard.value_or(Shard{}); }

    /// Registers the push and makes the table.
    void begin() {
        Transaction transaction(*session_);
        session_->run(kSchemaLock);
        session_->run(sql_of_schema());
        auto found = find_pushed(*session_, engine_.collection, space_, true);
        if (found && options_.replace && is_of_another_encoder(*found)) {
            drop();
            found.reset();
        }
        if (found) check_same_space(*found, expected_, space_, address_);
        if (!found) add();
        const int shards = shard().count;
        if (!found || found->pushing != expected_.stamp || found->shards != shards) {
            update(fmt::format("pushing = $3, shards = {}, done = '{{}}'", shards),
                   expected_.stamp);
        }
        session_->run(sql_.create());
        transaction.commit();
    }

    /// Another collection's is not replaced.
    bool is_of_another_encoder(const PushedSpace& found) const {
        const bool same = found.fingerprint == expected_.fingerprint &&
                          found.precision == expected_.precision &&
                          found.element == expected_.element && found.dim == expected_.dim;
        return !same && found.identity == expected_.identity;
    }

    void drop() {
        session_->run(sql_.drop());
        const std::string names[] = {engine_.collection, space_};
        session_->run("DELETE FROM pmatch.spaces WHERE collection = $1 AND space = $2", names);
    }

    void add() {
        const std::string values[] = {engine_.collection,          space_,
                                      expected_.identity,          expected_.fingerprint,
                                      expected_.precision,         std::to_string(expected_.dim),
                                      type_name(expected_.element)};
        session_->run(
            fmt::format(
                "INSERT INTO pmatch.spaces (collection, space, format, identity, fingerprint,"
                " precision, dim, type, stamp, pushing, shards, done, vectors) VALUES"
                " ($1, $2, {}, $3, $4, $5, $6, $7, '', '', 1, '{{}}', 0)",
                kEngineFormat),
            values);
    }

    void update(const std::string& assignments, const std::string& third) {
        const std::string values[] = {engine_.collection, space_, third};
        session_->run(
            fmt::format("UPDATE pmatch.spaces SET {} WHERE collection = $1 AND space = $2",
                        assignments),
            values);
    }

    /// Two pushes of the same share would send the same rows; the session holds the lock.
    void lock() {
        const std::string what[] = {
            fmt::format("{} {} {}", sql_.table(), shard().index, shard().count)};
        session_->run("SET lock_timeout TO '15s'");
        try {
            session_->run("SELECT pg_advisory_lock(hashtextextended($1, 0))", what);
        } catch (const PostgresProblem& problem) {
            if (problem.state() != "55P03") throw;
            throw Error{fmt::format("space '{}': another push of it is under way", space_),
                        address_.shown(), "wait for it to end"};
        }
        session_->run("SET lock_timeout TO 0");
    }

    bool has_key() const {
        return session_
                   ->run(fmt::format("SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND"
                                     " conrelid = '{}'::regclass",
                                     sql_.table()))
                   .at(0, 0) != "0";
    }

    std::string rows_of_shard() const {
        if (!options_.shard) return {};
        return fmt::format("(row / {}) % {} = {}", kPushWindow, shard().count, shard().index);
    }

    void send(const Observer& observer, const std::atomic<bool>& stop) {
        const auto reading = open_session(address_, false);
        reading->begin_reading(sql_.keys(rows_of_shard()));
        CopyKeys keys;
        std::string piece;
        KeyComparison comparison([&](InputKey& key) {
            while (reading->read(piece)) {
                if (keys.take(piece, key)) return true;
            }
            return false;
        });
        const bool keyed = has_key();
        VectorSender sender(*session_, sql_, record_.dim, expected_.element, keyed);
        Progress progress(observer, fmt::format("push {}: vectors", space_),
                          record_.live / shard().count);
        std::vector<InputKey> changed;
        const auto wanted = [&](const InputKey& key) {
            if (!shard().takes(key.row / kPushWindow)) return false;
            const auto state = comparison.compare(key);
            outcome_.kept += state == KeyComparison::State::kSame ? 1 : 0;
            if (state == KeyComparison::State::kChanged) changed.push_back(key);
            return state != KeyComparison::State::kSame;
        };
        const auto width = static_cast<std::size_t>(record_.dim);
        const auto take = [&](std::span<const InputKey> block, std::span<const float> vectors) {
            for (std::size_t i = 0; i < block.size(); ++i)
                sender.add(block[i], vectors.subspan(i * width, width));
            progress.update(outcome_.kept + sender.sent());
            if (!stop) return;
            sender.commit();
            throw Stopped();
        };
        for_each_live_block(collection_, space_, take, wanted);
        comparison.finish();
        sender.commit();
        outcome_.sent = sender.sent();
        remove(comparison.gone());
        // With a key, changed rows were overwritten and not removed.
        outcome_.removed = std::ssize(comparison.gone()) - std::ssize(changed);
    }

    /// By content, too: where a changed input was sent again, its new row stays.
    void remove(std::span<const InputKey> gone) {
        for (; !gone.empty(); gone = gone.subspan(std::min(gone.size(), kRemovedAtOnce)))
            session_->run(sql_.remove(),
                          arrays_of(gone.first(std::min(gone.size(), kRemovedAtOnce))));
    }

    /// The last shard completes the table.
    void end() {
        const std::string values[] = {engine_.collection, space_, expected_.stamp};
        const auto left = session_->run(
            fmt::format("UPDATE pmatch.spaces SET done = CASE WHEN {0} = ANY (done) THEN done ELSE"
                        " done || {0} END WHERE collection = $1 AND space = $2 AND pushing = $3"
                        " AND shards = {1} RETURNING shards - cardinality(done)",
                        shard().index, shard().count),
            values);
        if (left.count() == 0) {
            throw Error{
                fmt::format("space '{}': another state of it is being pushed, or in another "
                            "number of shards",
                            space_),
                address_.shown(), "push it again when that has ended"};
        }
        outcome_.shards_left = std::stoi(left.at(0, 0));
        if (outcome_.shards_left == 0) complete();
    }

    void complete() {
        if (!has_key()) session_->run(sql_.add_key());
        const Stopwatch watch;
        if (build_index()) outcome_.index_seconds = watch.milliseconds() / 1000;
        session_->run("ANALYZE " + sql_.table());
        update(fmt::format("stamp = $3, pushed = now(), vectors = (SELECT count(*) FROM {})",
                           sql_.table()),
               expected_.stamp);
        const auto found = find_pushed(*session_, engine_.collection, space_, false);
        outcome_.vectors = found ? found->vectors : 0;
    }

    /// Whether there was something to do. An index with other parameters is built anew.
    bool build_index() {
        const auto& hnsw = options_.hnsw;
        const auto there = session_->run(sql_.index_options());
        const bool wanted = options_.index && sql_.indexable();
        const bool same =
            there.count() > 0 && wanted &&
            there.at(0, 0) == fmt::format("m={},ef_construction={}", hnsw.m, hnsw.ef_construction);
        if (same) return false;
        session_->run(sql_.drop_index());
        if (!wanted) return false;
        if (!options_.build_memory.empty()) {
            const std::string memory[] = {options_.build_memory};
            session_->run("SELECT set_config('maintenance_work_mem', $1, false)", memory);
        }
        session_->run(sql_.create_index(hnsw));
        return true;
    }

    const Collection& collection_;
    const std::string& space_;
    const EngineRecord& engine_;
    const EngineAddress& address_;
    const PushOptions& options_;
    const SpaceRecord& record_;
    PushedSpace expected_;
    SpaceSql sql_;
    std::unique_ptr<PostgresConnection> session_;
    PushOutcome outcome_;
};

}  // namespace

PushOutcome push_space(const Collection& collection, const std::string& space,
                       const EngineRecord& engine, const EngineAddress& address,
                       const PushOptions& options, const Observer& observer,
                       const std::atomic<bool>& stop) {
    check_indexable(collection, space);
    return naming_engine(address, [&] {
        return Push(collection, space, engine, address, options).run(observer, stop);
    });
}

}  // namespace pmatch
