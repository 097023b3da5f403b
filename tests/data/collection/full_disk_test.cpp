/// A disk that takes no more, as a limit on the size of files gives it.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;

namespace {

/// 0: an Error that names the file and the system's reason.
int write_too_much(const std::filesystem::path& file) {
    const rlimit limit{20'000, 20'000};
    std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    PartHeader header;
    header.dim = 64;
    try {
        PartWriter part(file, header);
        for (std::int64_t row = 0; row < 400; ++row) {
            const InputKey key{row, 0, {}};
            part.add(std::span(&key, 1), std::vector<float>(64, 0.5F));
        }
        part.publish();
        return 1;
    } catch (const Error& error) {
        const std::string what = error.what();
        return error.file() == file.string() && what.find("File too large") != what.npos ? 0 : 2;
    }
}

}  // namespace

TEST_CASE("a part that does not fit the disk is an error, and the process ends without a signal") {
    const test::TempDir dir("full-disk");
    std::fflush(nullptr);
    const auto child = ::fork();
    if (child == 0) std::exit(write_too_much(dir / "part.h5"));  // with all that runs at exit
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK_FALSE(std::filesystem::exists(dir / "part.h5"));
    CHECK_FALSE(std::filesystem::exists(temporary_path(dir / "part.h5")));
}
