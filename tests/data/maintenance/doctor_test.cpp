#include "data/maintenance/doctor.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

using State = Finding::State;

/// Six items, texts embedded in windows of four.
void make_shop(const TempDir& dir, bool normalized = false) {
    write_file(dir / "catalog.csv",
               "id,title\na,one\nb,two\nc,three\nd,four\ne,five\nf,broken six\n");
    ingest_file(dir / "shop", dir / "catalog.csv");
    auto space = fake_space("text");
    space.normalized = normalized;
    embed_space(dir / "shop", "text", space);
}

std::vector<Finding> look(const TempDir& dir) {
    return examine(Collection::open(dir / "shop"));
}

std::int64_t count(const std::vector<Finding>& findings, State state) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.state == state; });
}

const Finding& only(const std::vector<Finding>& findings, State state) {
    REQUIRE(count(findings, state) == 1);
    return *std::find_if(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.state == state; });
}

std::string part_of(const TempDir& dir) {
    return Collection::open(dir / "shop").manifest().spaces.at("text").parts.at(0).file;
}

}  // namespace

TEST_CASE("the doctor finds a whole collection good, and that a space has no index yet") {
    const TempDir dir("doctor-good");
    make_shop(dir);
    const auto findings = look(dir);
    CHECK(count(findings, State::kGood) == 4);  // files, items, vectors, view
    CHECK(findings.size() == 5);
    const auto& index = only(findings, State::kStale);
    CHECK(index.subject == "index");
    const auto path = std::filesystem::absolute(dir / "shop").lexically_normal().string();
    CHECK(index.remedy == Remedy(Command{"build-index", path, {"--space", "text"}}));
}

TEST_CASE("the doctor names a vector whose length is not the one that was promised") {
    const TempDir dir("doctor-length");
    make_shop(dir, true);  // the made-up vectors are of any length
    const auto& found = look(dir);
    const auto& finding = only(found, State::kDamaged);
    CHECK(finding.subject == "vectors");
    CHECK(finding.file == part_of(dir));
    CHECK(finding.detail.find("the model promises 1") != std::string::npos);
}

TEST_CASE("repair takes a damaged part out, and embedding again makes the vectors it held") {
    const TempDir dir("doctor-part");
    make_shop(dir);
    const auto whole = live_vectors(dir / "shop", "text");
    const auto part = part_of(dir);
    flip_bit(dir / "shop" / part, 3000);
    {
        auto collection = Collection::open_for_writing(dir / "shop");
        const auto findings = examine(collection);
        CHECK(only(findings, State::kDamaged).file == part);
        CHECK(only(findings, State::kDamaged).remedy.commands.at(0).verb == "embed");
        CHECK(repair(collection, findings).size() == 1);
    }
    CHECK(count(look(dir), State::kDamaged) == 0);
    CHECK(live_vectors(dir / "shop", "text").empty());
    embed_space(dir / "shop", "text", fake_space("text"));
    CHECK(live_vectors(dir / "shop", "text") == whole);
    CHECK(count(look(dir), State::kGood) == 4);
}

TEST_CASE("repair writes a missing view anew") {
    const TempDir dir("doctor-view");
    make_shop(dir);
    const auto before = read_all(dir / "shop/embeddings/text.h5");
    std::filesystem::remove(dir / "shop/embeddings/text.h5");
    auto collection = Collection::open_for_writing(dir / "shop");
    repair(collection, examine(collection));
    CHECK(read_all(dir / "shop/embeddings/text.h5") == before);
}

TEST_CASE("repair has nothing to do where all is well, and nothing it could do without items") {
    const TempDir dir("doctor-nothing");
    make_shop(dir);
    {
        auto collection = Collection::open_for_writing(dir / "shop");
        const auto generation = collection.manifest().generation;
        CHECK(repair(collection, examine(collection)).empty());
        CHECK(collection.manifest().generation == generation);
    }
    const auto items = Collection::open(dir / "shop").manifest().items.file;
    flip_bit(dir / "shop" / items, 5000);
    auto collection = Collection::open_for_writing(dir / "shop");
    const auto findings = examine(collection);
    CHECK(only(findings, State::kDamaged).subject == "items");
    CHECK(repair(collection, findings).empty());
}

TEST_CASE("what a killed run left is a leftover and no damage") {
    const TempDir dir("doctor-leftover");
    make_shop(dir);
    write_file(dir / "shop/embeddings/text/part-000077.h5", "half");
    write_file(dir / "shop/mine.txt", "not ours");
    CHECK(only(look(dir), State::kLeftover).file == "embeddings/text/part-000077.h5");
    CHECK(count(look(dir), State::kDamaged) == 0);
}

TEST_CASE("a part that the system cannot read is an error and no damage") {
    const TempDir dir("doctor-unreadable");
    make_shop(dir);
    const auto part = dir / "shop" / part_of(dir);
    std::filesystem::remove(part);
    std::filesystem::create_symlink(part, part);  // a loop: ELOOP
    CHECK_THROWS_AS(look(dir), SystemError);
    auto collection = Collection::open_for_writing(dir / "shop");
    CHECK_THROWS_AS(begin_space(collection, "text", fake_space("text"), false), SystemError);
    CHECK(collection.manifest().spaces.at("text").parts.size() == 1);
}
