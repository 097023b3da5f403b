#include "core/files/atomic_file.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using pmatch::test::TempDir;

namespace {

void put(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::size_t files_in(const std::filesystem::path& directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory), {}));
}

}  // namespace

TEST_CASE("a published file is there whole, with its size and checksum, and nothing else is") {
    const TempDir dir("atomic-publish");
    const std::string text(3'000'000, 'x');  // more than the writer's buffer
    AtomicFile file(dir / "a");
    file.write(text.substr(0, 5));
    file.write(text.substr(5));
    CHECK_FALSE(std::filesystem::exists(dir / "a"));
    const auto record = file.publish();
    CHECK(record.size == text.size());
    CHECK(record.checksum == hash128(text));
    CHECK(read_file(dir / "a", text.size()) == text);
    CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a file that is not published leaves nothing, and the old one as it was") {
    const TempDir dir("atomic-abandoned");
    put(dir / "a", "old");
    {
        AtomicFile file(dir / "a");
        file.write("new");
    }
    CHECK(read_file(dir / "a", 10) == "old");
    CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("publishing again replaces the file") {
    const TempDir dir("atomic-replace");
    put(dir / "a", "old");
    AtomicFile file(dir / "a");
    file.write("new");
    file.publish();
    CHECK(read_file(dir / "a", 10) == "new");
}

TEST_CASE("what a killed run left does not stop the next one") {
    const TempDir dir("atomic-left-over");
    put(temporary_path(dir / "a"), "half a file that is longer than the new one");
    AtomicFile file(dir / "a");
    file.write("new");
    file.publish();
    CHECK(read_file(dir / "a", 10) == "new");
    CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("a directory that is not there is named in the error") {
    const TempDir dir("atomic-no-directory");
    try {
        const AtomicFile file(dir / "absent/a");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.file() == (dir / "absent/a").string());
        CHECK(std::string(error.what()).find("No such file") != std::string::npos);
    }
}

TEST_CASE("a file a library wrote is published with the checksum of its bytes") {
    const TempDir dir("atomic-publish-file");
    put(temporary_path(dir / "a"), "content");
    const auto record = publish_file(temporary_path(dir / "a"), dir / "a");
    CHECK(record == FileRecord{7, hash128("content")});
    CHECK(record == measure_file(dir / "a"));
    CHECK(files_in(dir.path()) == 1);
}

TEST_CASE("verify_file tells missing, shorter, and changed files apart") {
    const TempDir dir("atomic-verify");
    put(dir / "a", "content");
    const auto record = measure_file(dir / "a");
    CHECK_NOTHROW(verify_file(dir / "a", record, "make it again"));
    CHECK_THROWS_WITH_AS(verify_file(dir / "b", record, "make it again"),
                         "a file of the collection is missing", Error);
    put(dir / "a", "conten");
    CHECK_THROWS_WITH_AS(verify_file(dir / "a", record, "make it again"),
                         "the file has 6 bytes, the manifest says 7", Error);
    put(dir / "a", "c0ntent");
    try {
        verify_file(dir / "a", record, "make it again");
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find(record.checksum.hex()) != std::string::npos);
        CHECK(error.remedy() == Remedy("make it again"));
    }
}

TEST_CASE("a file that the system cannot look at is not taken for a missing or damaged one") {
    const TempDir dir("atomic-loop");
    std::filesystem::create_symlink(dir / "a", dir / "a");
    CHECK_THROWS_AS(verify_file(dir / "a", FileRecord{7, hash128("content")}, "make it again"),
                    SystemError);
    try {
        verify_file(dir / "none", FileRecord{7, hash128("content")}, "make it again");
        FAIL("no error");
    } catch (const SystemError&) {
        FAIL("it is missing");
    } catch (const Error& error) {
        CHECK(error.remedy() == Remedy("make it again"));
    }
}

TEST_CASE("read_file refuses what is too large, missing or a directory") {
    const TempDir dir("atomic-read");
    put(dir / "a", "content");
    CHECK(read_file(dir / "a", 7) == "content");
    CHECK_THROWS_WITH_AS(read_file(dir / "a", 6), "the file is larger than 6 bytes", Error);
    CHECK_THROWS_AS(read_file(dir / "b", 6), Error);
    CHECK_THROWS_AS(read_file(dir.path(), 6), Error);
}
