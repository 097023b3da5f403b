#include "data/engines/engine_sql.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kLongestName = 63;  // bytes of an identifier, NAMEDATALEN - 1
constexpr std::string_view kIndexEnding = ".hnsw";
constexpr std::string_view kKeyEnding = ".pkey";
constexpr int kPage = 8000;  // bytes that a row may have without being moved out of its page

}  // namespace

std::string quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"') quoted += c;
        quoted += c;
    }
    return quoted + "\"";
}

std::string sql_of_schema() {
    return "CREATE SCHEMA IF NOT EXISTS pmatch;"
           "CREATE TABLE IF NOT EXISTS pmatch.spaces ("
           "collection text, space text, format int NOT NULL, identity text NOT NULL,"
           " fingerprint text NOT NULL, precision text NOT NULL, dim int NOT NULL,"
           " type text NOT NULL, stamp text NOT NULL, pushing text NOT NULL,"
           " shards int NOT NULL, done int[] NOT NULL, vectors bigint NOT NULL,"
           " pushed timestamptz, PRIMARY KEY (collection, space))";
}

SpaceSql::SpaceSql(std::string_view collection, std::string_view space, int dim,
                   VectorElement element)
    : type_(type_name(element)), dim_(dim), element_(element) {
    const auto name = fmt::format("{}.{}", collection, space);
    if (name.size() + kIndexEnding.size() > kLongestName) {
        throw UsageError{
            fmt::format("the table '{}' would have a name of {} letters, and PostgreSQL "
                        "takes {}",
                        name, name.size(), kLongestName - kIndexEnding.size()),
            "give a shorter name of the collection: --as NAME"};
    }
    table_ = "pmatch." + quoted_name(name);
    index_ = quoted_name(name + std::string(kIndexEnding));
    key_ = quoted_name(name + std::string(kKeyEnding));
}

std::string SpaceSql::create() const {
    auto sql = fmt::format(
        "CREATE TABLE IF NOT EXISTS {} (row bigint NOT NULL, ordinal int NOT NULL,"
        " content uuid NOT NULL, vector {}({}) NOT NULL)",
        table_, type_, dim_);
    const int bytes = dim_ * (element_ == VectorElement::kHalf ? 2 : 4);
    // Beside the row, a vector is read in one step.
    if (bytes < kPage)
        sql += fmt::format("; ALTER TABLE {} ALTER COLUMN vector SET STORAGE PLAIN", table_);
    return sql;
}

std::string SpaceSql::drop() const {
    return fmt::format("DROP TABLE IF EXISTS {}", table_);
}

std::string SpaceSql::keys(std::string_view where) const {
    return fmt::format(
        "COPY (SELECT row, ordinal, content FROM {}{}{} ORDER BY row, ordinal) TO STDOUT (FORMAT "
        "binary)",
        table_, where.empty() ? "" : " WHERE ", where);
}

std::string SpaceSql::copy() const {
    return fmt::format("COPY {} (row, ordinal, content, vector) FROM STDIN (FORMAT binary)",
                       table_);
}

std::string SpaceSql::create_staging() const {
    return fmt::format("CREATE TEMPORARY TABLE staging (LIKE {}) ON COMMIT DROP", table_);
}

std::string SpaceSql::copy_staging() const {
    return "COPY pg_temp.staging (row, ordinal, content, vector) FROM STDIN (FORMAT binary)";
}

std::string SpaceSql::upsert() const {
    return fmt::format(
        "INSERT INTO {} (row, ordinal, content, vector)"
        " SELECT row, ordinal, content, vector FROM pg_temp.staging"
        " ON CONFLICT (row, ordinal) DO UPDATE SET content = EXCLUDED.content,"
        " vector = EXCLUDED.vector",
        table_);
}

std::string SpaceSql::remove() const {
    return fmt::format(
        "DELETE FROM {} AS t USING unnest($1::bigint[], $2::int[], $3::uuid[])"
        " AS gone(row, ordinal, content) WHERE t.row = gone.row AND t.ordinal = gone.ordinal"
        " AND t.content = gone.content",
        table_);
}

std::string SpaceSql::add_key() const {
    return fmt::format("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY (row, ordinal)", table_, key_);
}

bool SpaceSql::indexable() const {
    return dim_ <= (element_ == VectorElement::kHalf ? 4000 : 2000);
}

std::string SpaceSql::create_index(const HnswOptions& options) const {
    return fmt::format(
        "CREATE INDEX IF NOT EXISTS {} ON {} USING hnsw (vector {}_ip_ops) WITH (m = {},"
        " ef_construction = {})",
        index_, table_, type_, options.m, options.ef_construction);
}

std::string SpaceSql::drop_index() const {
    return fmt::format("DROP INDEX IF EXISTS pmatch.{}", index_);
}

std::string SpaceSql::index_options() const {
    return fmt::format(
        "SELECT array_to_string(reloptions, ',') FROM pg_class WHERE oid ="
        " to_regclass('pmatch.{}')",
        index_);
}

std::string SpaceSql::nearest() const {
    return fmt::format(
        "SELECT row, ordinal, vector <#> $1::{0} FROM {1} ORDER BY vector <#> $1::{0} LIMIT $2",
        type_, table_);
}

/// All are compared first, so that no index over the vectors can serve the order.
std::string SpaceSql::scored(std::string_view where) const {
    return fmt::format(
        "WITH scored AS MATERIALIZED (SELECT row, ordinal, vector <#> $1::{} AS distance FROM {}"
        "{}) SELECT row, ordinal, distance FROM scored ORDER BY distance LIMIT $2",
        type_, table_, where);
}

std::string SpaceSql::nearest_exact() const {
    return scored("");
}

std::string SpaceSql::nearest_of_rows() const {
    return scored(" WHERE row = ANY($3::bigint[])");
}

std::string SpaceSql::distances() const {
    return fmt::format("SELECT row, ordinal, vector <#> $1::{} FROM {}", type_, table_);
}

std::string SpaceSql::distances_of_rows() const {
    return distances() + " WHERE row = ANY($2::bigint[])";
}

std::string SpaceSql::sample(double percent, int count) const {
    return fmt::format(
        "SELECT vector FROM {} TABLESAMPLE BERNOULLI ({:.6f}) REPEATABLE (1) LIMIT {}", table_,
        percent, count);
}

}  // namespace pmatch
