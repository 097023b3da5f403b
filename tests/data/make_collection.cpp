/// Makes a collection with made-up vectors for the checks with h5py and sqlite3, and says what
/// the library itself reads from it.
/// make_collection COLLECTION CATALOG SPACE SOURCE DIM WINDOW-ROWS [WINDOWS]
/// DIM with an r behind it: bytes, and any number of vectors per input.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "core/common/error.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/remedy_words.hpp"

int main(int argc, char** argv) try {
    if (argc < 7) return 2;
    const std::filesystem::path directory = argv[1];
    const std::string space = argv[3];
    const int dim = std::atoi(argv[5]);
    pmatch::test::ingest_file(directory, argv[2]);
    const bool ragged = std::string_view(argv[5]).ends_with('r');
    pmatch::test::embed_space(
        directory, space,
        ragged ? pmatch::test::ragged_space(argv[4], dim) : pmatch::test::fake_space(argv[4], dim),
        std::atoi(argv[6]), argc > 7 ? std::atoi(argv[7]) : -1);
    const auto collection = pmatch::Collection::open(directory);
    std::int64_t live = 0;
    double sum = 0;
    pmatch::for_each_vector_block(collection, space, [&](const pmatch::VectorBlock& block) {
        live += static_cast<std::int64_t>(block.keys.size());
        for (const float value : block.vectors)
            sum += value;
    });
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    fmt::print("{{\"live\": {}, \"sum\": {}, \"peak_mb\": {:.1f}}}\n", live, sum,
               static_cast<double>(usage.ru_maxrss) / 1024);
    return 0;
} catch (const pmatch::Error& error) {
    fmt::print(stderr, "{}: {} ({})\n", error.file(), error.what(),
               pmatch::test::words_of(error.remedy()));
    return 1;
}
