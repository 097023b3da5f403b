#include <doctest/doctest.h>

#include <array>

#include "core/common/error.hpp"
#include "data/maintenance/compact.hpp"
#include "tests/data/collection/life_support.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

const std::array<const char*, 2> kSources{"text", "image"};

void ingest_life(const std::filesystem::path& directory, const std::filesystem::path& source,
                 IngestOptions::Mode mode, const std::set<std::string>& deleted) {
    auto collection = Collection::create_or_open(directory);
    IngestOptions options;
    options.mode = mode;
    options.deleted = deleted;
    options.max_loss = 1;
    std::function<std::unique_ptr<CatalogReader>()> open;
    if (!source.empty()) open = [&] { return open_catalog(source, {}); };
    ingest(collection, open, options);
}

/// Brings the collection up to the shop in one of the ways there are.
void ingest_edit(const std::filesystem::path& directory, LifeShop& shop,
                 const std::set<std::string>& touched, const std::set<std::string>& removed) {
    if (shop.random().below(2) == 0) {
        ingest_life(directory, shop.write_catalog("whole.csv"), IngestOptions::Mode::kReplace, {});
    } else if (touched.empty()) {
        ingest_life(directory, {}, IngestOptions::Mode::kUpsert, removed);
    } else {
        ingest_life(directory, shop.write_catalog("some.csv", touched),
                    IngestOptions::Mode::kUpsert, removed);
    }
}

/// Nothing that was removed, and every score from what an item is now.
void check_nothing_stale(const Collection& collection, const LifeShop& shop,
                         const std::string& source, const std::vector<float>& query) {
    for (const auto& [id, score] : answers(collection, source, query)) {
        REQUIRE(shop.items().contains(id));
        const auto vectors = shop.vectors_of(id, source);
        CHECK(std::any_of(vectors.begin(), vectors.end(), [&, wanted = score](const auto& vector) {
            return product(query, vector) == wanted;
        }));
    }
}

void live_through(const std::string& layout, std::uint64_t seed) {
    CAPTURE(layout);
    CAPTURE(seed);
    const TempDir dir("catalog-life");
    LifeShop shop(dir / "catalog", seed);
    const auto path = dir / "shop";
    ingest_life(path, shop.write_catalog("first.csv"), IngestOptions::Mode::kReplace, {});
    for (const auto* source : kSources) {
        embed_by_content(path, source);
        index_space(path, source, layout);
    }
    const auto query = content_vector(hash128("a query " + std::to_string(seed)));
    for (int step = 0; step < 50; ++step) {
        CAPTURE(step);
        std::set<std::string> touched;
        std::set<std::string> removed;
        shop.edit(touched, removed);
        ingest_edit(path, shop, touched, removed);
        const bool embeds = shop.random().below(2) == 0;
        for (const auto* source : kSources) {
            if (embeds) embed_by_content(path, source);
            if (shop.random().below(6) == 0) index_space(path, source, layout);
        }
        if (shop.random().below(8) == 0) {
            auto collection = Collection::open_for_writing(path);
            compact(collection);
        }
        const auto collection = Collection::open(path);
        for (const auto* source : kSources) {
            if (embeds) {
                CHECK(answers(collection, source, query) == shop.truth(source, query));
            } else {
                check_nothing_stale(collection, shop, source, query);
            }
        }
    }
    const auto fresh = dir / "fresh";
    ingest_life(fresh, shop.write_catalog("last.csv"), IngestOptions::Mode::kReplace, {});
    for (const auto* source : kSources) {
        embed_by_content(path, source);
        embed_by_content(fresh, source);
        index_space(fresh, source, layout);
        const auto wanted = answers(Collection::open(fresh), source, query);
        CHECK(wanted == shop.truth(source, query));
        CHECK(answers(Collection::open(path), source, query) == wanted);
        index_space(path, source, layout);
        CHECK(answers(Collection::open(path), source, query) == wanted);
    }
    auto collection = Collection::open_for_writing(path);
    compact(collection);
    for (const auto* source : kSources)
        CHECK(answers(collection, source, query) == shop.truth(source, query));
}

}  // namespace

TEST_CASE("50 edits, however they are brought in, end in the answers of a fresh collection") {
    for (const std::uint64_t seed : {1U, 2U, 3U})
        live_through("Flat", seed);
}

TEST_CASE("50 edits end in the answers of a fresh collection with a graph, too") {
    live_through("HNSW8", 4);
}

TEST_CASE("50 edits end in the answers of a fresh collection with lists, too") {
    live_through("IVF4,Flat", 5);
}
