#include "data/collection/collection.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

std::string error_of(const std::filesystem::path& directory) {
    try {
        Collection::open(directory);
    } catch (const Error& error) {
        CHECK(error.file().find("collection.json") != std::string::npos);
        CHECK(!error.remedy().empty());
        return error.what();
    }
    return "no error";
}

/// A manifest that was changed on purpose, with its checksum counted again.
std::string forged(const std::string& manifest,
                   const std::function<void(nlohmann::json&)>& change) {
    auto json = nlohmann::json::parse(manifest);
    json.erase("checksum");
    change(json);
    json["checksum"] = hash128(json.dump()).hex();
    return json.dump();
}

struct Shop {
    TempDir dir{"collection"};
    std::filesystem::path path = dir / "shop";
    std::filesystem::path manifest = path / "collection.json";
    Shop() {
        write_file(dir / "shop.csv", "id,title\na,Mug\nb,Lamp\n");
        ingest_file(path, dir / "shop.csv");
    }
};

}  // namespace

TEST_CASE("a directory that is no collection says how to make one") {
    const TempDir dir("collection-none");
    try {
        Collection::open(dir.path());
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(words_of(error.remedy()).find("pmatch ingest") != std::string::npos);
    }
    write_file(dir / "precious.txt", "mine");
    CHECK_THROWS_WITH_AS(Collection::create_or_open(dir.path()),
                         "the directory holds 'precious.txt' and is not a collection", Error);
    CHECK(read_all(dir / "precious.txt") == "mine");
}

TEST_CASE("a second writer is refused by the number of the first one's process") {
    const Shop shop;
    const auto first = Collection::open_for_writing(shop.path);
    try {
        Collection::open_for_writing(shop.path);
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(error.what() ==
              "process " + std::to_string(::getpid()) + " is writing to this collection");
    }
    CHECK_NOTHROW(Collection::open(shop.path));
}

TEST_CASE("a lock file that is none is refused, with its name, and nothing waits for it") {
    const Shop shop;
    const auto lock = shop.path / "collection.lock";
    std::filesystem::remove(lock);
    SUBCASE("a directory") {
        std::filesystem::create_directory(lock);
    }
    SUBCASE("a pipe") {
        REQUIRE(::mkfifo(lock.c_str(), 0644) == 0);
    }
    try {
        Collection::open_for_writing(shop.path);
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(error.what() == std::string("the lock file is a directory, pipe or device"));
        CHECK(error.file() == lock.string());
    }
    CHECK_NOTHROW(Collection::open(shop.path));
}

TEST_CASE("manifest_truncated") {
    const Shop shop;
    write_file(shop.manifest, read_all(shop.manifest).substr(0, 200));
    CHECK(error_of(shop.path).starts_with("the manifest is damaged: parse error at line"));
}

TEST_CASE("manifest_with_a_flipped_bit") {
    const Shop shop;
    const auto whole = read_all(shop.manifest);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        // Outside of strings a blank may become another one; nothing is lost then.
        if (nlohmann::json::parse(damaged, nullptr, false) == nlohmann::json::parse(whole))
            continue;
        write_file(shop.manifest, damaged);
        CAPTURE(at);
        CHECK(error_of(shop.path) != "no error");
    }
}

TEST_CASE("manifest_of_a_newer_version") {
    const Shop shop;
    write_file(shop.manifest,
               forged(read_all(shop.manifest), [](auto& json) { json["version"] = 99; }));
    CHECK(error_of(shop.path) ==
          "pmatch.collection format 99 is newer than this pmatch (reads 1 to 3)");
}

TEST_CASE("what a manifest of version 1 may lack is damage in one of version 2") {
    const Shop shop;
    const auto whole = read_all(shop.manifest);
    const auto without = [&](int version) {
        return forged(whole, [version](auto& json) {
            json["version"] = version;
            json.erase("lexical");
        });
    };
    write_file(shop.manifest, without(1));
    CHECK(error_of(shop.path) == "no error");
    write_file(shop.manifest, without(2));
    CHECK(error_of(shop.path).starts_with("the manifest is damaged"));
}

TEST_CASE("what a manifest of version 2 may lack is damage in one of version 3") {
    const Shop shop;
    const auto whole = read_all(shop.manifest);
    const auto without = [&](int version) {
        return forged(whole, [version](auto& json) {
            json["version"] = version;
            for (auto& field : json["items"]["fields"])
                field.erase("number_column");
        });
    };
    write_file(shop.manifest, without(2));
    CHECK(error_of(shop.path) == "no error");
    write_file(shop.manifest, without(3));
    CHECK(error_of(shop.path).starts_with("the manifest is damaged"));
}

TEST_CASE("items_of_a_newer_version") {
    const Shop shop;
    const auto file = shop.path / Collection::open(shop.path).manifest().items.file;
    auto content = read_all(file);
    content.at(63) = 9;  // SQLite keeps the user's version in bytes 60 to 63, the last one lowest
    write_file(file, content);
    const auto record = measure_file(file);
    write_file(
        shop.manifest, forged(read_all(shop.manifest), [&](auto& json) {
            const auto name = json["items"]["file"].template get<std::string>();
            json["files"][name] = {{"size", record.size}, {"checksum", record.checksum.hex()}};
        }));
    const auto collection = Collection::open(shop.path);
    CHECK_THROWS_WITH_AS(Items{collection},
                         "pmatch.items format 9 is newer than this pmatch (reads 1 to 1)", Error);
}

TEST_CASE("manifest_that_names_a_file_outside_the_collection") {
    const Shop shop;
    const auto whole = read_all(shop.manifest);
    for (const std::string path :
         {"../precious", "/etc/passwd", "items/../../x", "a/./b", "", ".", "items/"}) {
        CAPTURE(path);
        write_file(shop.manifest, forged(whole, [&](auto& json) {
                       json["files"][path] = {{"size", 1}, {"checksum", std::string(32, '0')}};
                   }));
        CHECK(error_of(shop.path).find("is not inside the collection") != std::string::npos);
    }
}

TEST_CASE("manifest_with_an_index_of_no_space_or_of_two_files") {
    const Shop shop;
    const auto whole = read_all(shop.manifest);
    for (const std::string space : {"text", "none"}) {
        write_file(shop.manifest, forged(whole, [&](auto& json) {
                       const auto file = json["items"]["file"];
                       json["indexes"][space] = {{"layout", "Flat"},     {"fingerprint", "f"},
                                                 {"count", 1},           {"stamp", "s"},
                                                 {"items", file},        {"missing", 0},
                                                 {"files", {file, file}}};
                   }));
        CHECK(error_of(shop.path).find("has 2 files, or no such space") != std::string::npos);
    }
}

TEST_CASE("manifest_with_a_negative_count") {
    const Shop shop;
    write_file(shop.manifest,
               forged(read_all(shop.manifest), [](auto& json) { json["items"]["count"] = -1; }));
    CHECK(error_of(shop.path).find("'count' is -1") != std::string::npos);
}

TEST_CASE("items_with_a_flipped_bit") {
    const Shop shop;
    flip_bit(shop.path / Collection::open(shop.path).manifest().items.file, 5000);
    const auto collection = Collection::open(shop.path);
    try {
        collection.verify(collection.manifest().items.file);
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(error.file().find("items-000001.sqlite") != std::string::npos);
        CHECK(words_of(error.remedy()).find("pmatch ingest") != std::string::npos);
    }
}

TEST_CASE("what a killed run left over is removed, what is not ours stays") {
    const Shop shop;
    std::filesystem::create_directories(shop.path / "embeddings/text");
    for (const auto* name : {"items/items-000009.sqlite", "items/items-000009.sqlite.pmatch-tmp",
                             "embeddings/text/part-000007.h5", "collection.json.pmatch-tmp"}) {
        write_file(shop.path / name, "left over");
    }
    for (const auto* name : {"notes.txt", "items/mine.sqlite", "embeddings/notebook.h5"}) {
        write_file(shop.path / name, "mine");
    }
    { const auto reader = Collection::open(shop.path); }
    CHECK(std::filesystem::exists(shop.path / "items/items-000009.sqlite"));
    { const auto writer = Collection::open_for_writing(shop.path); }
    CHECK(!std::filesystem::exists(shop.path / "items/items-000009.sqlite"));
    CHECK(!std::filesystem::exists(shop.path / "items/items-000009.sqlite.pmatch-tmp"));
    CHECK(!std::filesystem::exists(shop.path / "embeddings/text/part-000007.h5"));
    CHECK(!std::filesystem::exists(shop.path / "collection.json.pmatch-tmp"));
    for (const auto* name : {"notes.txt", "items/mine.sqlite", "embeddings/notebook.h5"}) {
        CHECK(read_all(shop.path / name) == "mine");
    }
}
