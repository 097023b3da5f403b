#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "core/common/error.hpp"
#include "data/collection/collection_lock.hpp"
#include "data/maintenance/compact.hpp"
#include "tests/data/collection/life_support.hpp"
#include "tests/support/remedy_words.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

/// All titles begin with `word`.
void bring(const TempDir& dir, const std::string& word) {
    std::string csv = "id,title\n";
    for (int i = 0; i < 30; ++i)
        csv += std::to_string(i) + "," + word + " " + std::to_string(i) + "\n";
    write_file(dir / (word + ".csv"), csv);
    ingest_file(dir / "shop", dir / (word + ".csv"));
    embed_by_content(dir / "shop", "text");
    index_space(dir / "shop", "text", "Flat");
    auto collection = Collection::open_for_writing(dir / "shop");
    compact(collection);
}

/// The word of the state that a reader sees; throws when it is none, or two mixed.
std::string state_of(const Collection& collection) {
    const auto query = content_vector(hash128("a query"));
    const Items items(collection);
    const auto word = items.title_of(*items.row_of("0")).substr(0, 3);
    Ranking wanted;
    for (int i = 0; i < 30; ++i) {
        const auto title = word + " " + std::to_string(i);
        wanted.emplace_back(std::to_string(i), product(query, content_vector(hash128(title))));
        if (items.title_of(*items.row_of(std::to_string(i))) != title) return "mixed items";
    }
    order(wanted);
    const auto found = answers(collection, "text", query);
    // Between ingest and embed the changed items have no vector yet.
    return found.empty() || found == wanted ? word : "mixed vectors";
}

}  // namespace

TEST_CASE("a reader keeps the state it opened, whatever writers replace and remove") {
    const TempDir dir("snapshot");
    bring(dir, "one");
    const auto before = Collection::open(dir / "shop");
    bring(dir, "two");
    bring(dir, "six");
    CHECK(state_of(before) == "one");
    CHECK(answers(before, "text", content_vector(hash128("a query"))).size() == 30);
    std::size_t vectors = 0;  // from parts that have no name any more
    for_each_live_block(before, "text", [&](auto keys, auto values) {
        vectors += keys.size();
        const auto first = content_vector(keys.front().content);
        CHECK(std::equal(first.begin(), first.end(), values.begin()));
    });
    CHECK(vectors == 30);
    CHECK(state_of(Collection::open(dir / "shop")) == "six");
}

TEST_CASE("a query during a rebuild answers from the old index") {
    const TempDir dir("rebuild");
    bring(dir, "one");
    write_file(dir / "newer.csv", "id,title\n1,one 1\n2,another\n3,one 3\n");
    ingest_file(dir / "shop", dir / "newer.csv");
    embed_by_content(dir / "shop", "text");
    const auto query = content_vector(hash128("a query"));
    const auto wanted = answers(Collection::open(dir / "shop"), "text", query);
    CHECK(wanted.size() == 3);
    // The child stops where the new files lie beside the old ones. Flat, because FAISS's threads
    // do not outlive a fork.
    for (const std::string step : {"start", "manifest"}) {
        CHECK(killed_at(step, [&] { index_space(dir / "shop", "text", "Flat"); }));
        CHECK(answers(Collection::open(dir / "shop"), "text", query) == wanted);
    }
}

TEST_CASE("readers beside a writer always see a whole state") {
    const TempDir dir("half-state");
    bring(dir, "one");
    const auto writer = ::fork();
    if (writer == 0) {
        try {
            // As long as the reader needs, however the two share the cores.
            for (int i = 0; i < 12 || !std::filesystem::exists(dir / "seen"); ++i)
                bring(dir, i % 2 == 0 ? "two" : "one");
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int looks = 0;
    int status = 0;
    while (::waitpid(writer, &status, WNOHANG) == 0) {
        std::string state;
        try {
            state = state_of(Collection::open(dir / "shop"));
        } catch (const Error& error) {
            state = std::string(error.what()) + " " + error.file();
        }
        CHECK_MESSAGE((state == "one" || state == "two"), state);
        if (++looks == 10) write_file(dir / "seen", "yes");
    }
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(looks >= 10);
}

TEST_CASE("a second writer is told the first one's process, or waits when it may") {
    const TempDir dir("two-writers");
    bring(dir, "one");
    const auto parent = ::getpid();
    const auto first = ::fork();
    if (first == 0) {
        auto collection = Collection::open_for_writing(dir / "shop");
        write_file(dir / "held", "yes");
        // Not by the clock alone: the other process may be slow.
        while (!std::filesystem::exists(dir / "refused") && ::getppid() == parent)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        ::_exit(0);
    }
    while (!std::filesystem::exists(dir / "held"))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    try {
        Collection::open_for_writing(dir / "shop");
        FAIL("expected an error");
    } catch (const Error& error) {
        CHECK(std::string(error.what()) ==
              "process " + std::to_string(first) + " is writing to this collection");
        CHECK(words_of(error.remedy()).find("--wait") != std::string::npos);
    }
    CHECK(state_of(Collection::open(dir / "shop")) == "one");  // readers need no lock
    write_file(dir / "refused", "yes");
    set_lock_wait(120);
    CHECK(Collection::open_for_writing(dir / "shop").manifest().items.count == 30);
    set_lock_wait(0);
    int status = 0;
    ::waitpid(first, &status, 0);
}
