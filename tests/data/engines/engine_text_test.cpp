#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "data/engines/engine_session.hpp"
#include "data/engines/engine_sql.hpp"
#include "data/engines/engine_url.hpp"
#include "data/engines/key_comparison.hpp"

using namespace pmatch;

TEST_CASE("an address is told from a name") {
    CHECK(is_engine_url("postgresql://host/db"));
    CHECK(is_engine_url("postgres://host"));
    CHECK_FALSE(is_engine_url("postgres"));
}

TEST_CASE("no password is shown, wherever it stands in the address") {
    CHECK(url_without_password("postgresql://host/db") == "postgresql://host/db");
    CHECK(url_without_password("postgresql://me@host:5432/db") == "postgresql://me@host:5432/db");
    CHECK(url_without_password("postgresql://me:pass@host/db") == "postgresql://me@host/db");
    CHECK(url_without_password("postgresql://me:p@ss/word@host/db") == "postgresql://me@host/db");
    CHECK(url_without_password("postgresql://a,b:5433/db?password=x&sslmode=require") ==
          "postgresql://a,b:5433/db?sslmode=require");
    CHECK(url_without_password("postgresql:///db?sslmode=require&sslpassword=x") ==
          "postgresql:///db?sslmode=require");
    CHECK(url_without_password("postgresql:///db?password=x") == "postgresql:///db");
}

TEST_CASE("names of tables are quoted, and refused where PostgreSQL would cut them") {
    const SpaceSql sql("shop", "text", 384, VectorElement::kHalf);
    CHECK(sql.table() == "pmatch.\"shop.text\"");
    CHECK(quoted_name("a\"b") == "\"a\"\"b\"");
    CHECK_THROWS_AS(SpaceSql(std::string(60, 'a'), "text", 8, VectorElement::kHalf), UsageError);
}

TEST_CASE("the order of a search is that of the index's operator") {
    const SpaceSql sql("shop", "text", 384, VectorElement::kHalf);
    CHECK(
        sql.create_index({16, 64}) ==
        "CREATE INDEX IF NOT EXISTS \"shop.text.hnsw\" ON pmatch.\"shop.text\" USING hnsw (vector "
        "halfvec_ip_ops) WITH (m = 16, ef_construction = 64)");
    CHECK(
        sql.nearest() ==
        "SELECT row, ordinal, vector <#> $1::halfvec FROM pmatch.\"shop.text\" ORDER BY vector <#> "
        "$1::halfvec LIMIT $2");
}

TEST_CASE("pgvector indexes halves up to 4,000 values and floats up to 2,000") {
    CHECK(SpaceSql("s", "t", 4000, VectorElement::kHalf).indexable());
    CHECK_FALSE(SpaceSql("s", "t", 4001, VectorElement::kHalf).indexable());
    CHECK(SpaceSql("s", "t", 2000, VectorElement::kSingle).indexable());
    CHECK_FALSE(SpaceSql("s", "t", 2001, VectorElement::kSingle).indexable());
}

TEST_CASE("versions of pgvector are compared by their numbers") {
    CHECK(is_recent_vector("0.8.0"));
    CHECK(is_recent_vector("0.10"));
    CHECK(is_recent_vector("1.0"));
    CHECK_FALSE(is_recent_vector("0.7.4"));
    CHECK_FALSE(is_recent_vector(""));
}

TEST_CASE("live keys beside the engine's are new, changed or the same, and what is left is gone") {
    const auto key = [](std::int64_t row, std::int32_t ordinal, char content) {
        InputKey made{row, ordinal, {}};
        made.content.bytes.fill(static_cast<std::uint8_t>(content));
        return made;
    };
    const std::vector<InputKey> there{key(1, 0, 'a'), key(2, 0, 'b'), key(2, 1, 'c'),
                                      key(4, 0, 'd'), key(9, 0, 'e')};
    std::size_t at = 0;
    KeyComparison comparison([&](InputKey& next) {
        if (at == there.size()) return false;
        next = there[at++];
        return true;
    });
    using State = KeyComparison::State;
    CHECK(comparison.compare(key(0, 0, 'x')) == State::kNew);
    CHECK(comparison.compare(key(1, 0, 'a')) == State::kSame);
    CHECK(comparison.compare(key(2, 1, 'z')) == State::kChanged);
    CHECK(comparison.compare(key(5, 0, 'f')) == State::kNew);
    comparison.finish();
    CHECK(comparison.gone() == std::vector{there[1], there[2], there[3], there[4]});
}
