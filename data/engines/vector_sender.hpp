/// Internal to data/engines: sends rows of a space's table in transactions of some megabytes.
#pragma once

#include <cstdint>
#include <span>

#include "core/pipeline/embedding_work.hpp"
#include "data/engines/engine_sql.hpp"
#include "data/engines/postgres_connection.hpp"
#include "data/engines/vector_wire.hpp"

namespace pmatch {

/// What was sent when the connection is lost stays, but for the last transaction.
class VectorSender {
public:
    /// `keyed`: the table has its primary key, and rows that are there are overwritten.
    VectorSender(PostgresConnection& session, const SpaceSql& sql, int dim, VectorElement element,
                 bool keyed);

    void add(const InputKey& key, std::span<const float> vector);
    void commit();
    std::int64_t sent() const { return sent_; }

private:
    void begin();
    void flush();

    PostgresConnection& session_;
    const SpaceSql& sql_;
    int dim_;
    VectorElement element_;
    bool keyed_;
    CopyWriter writer_;
    bool open_ = false;
    std::int64_t rows_ = 0;  ///< in this transaction
    std::size_t bytes_ = 0;  ///< in this transaction
    std::int64_t sent_ = 0;
};

}  // namespace pmatch
