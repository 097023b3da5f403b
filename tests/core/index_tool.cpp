/// Builds or searches an index for index_parity.py, on raw little-endian arrays.
///   index_tool build  DIRECTORY SPACE LAYOUT DIM ROWS.i64 VECTORS.f32
///   index_tool search DIRECTORY SPACE K QUERIES.f32      stdout: [[[row, score], …], …]
/// `search` takes the files' checksums as they are, as if the manifest had recorded them.
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/index/index_builder.hpp"
#include "core/index/vector_index.hpp"
#include "tests/support/remedy_words.hpp"

namespace {

template <typename T>
std::vector<T> read_array(const char* file) {
    const auto bytes = pmatch::read_file(file, std::uint64_t{1} << 32U);
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
}

int build(char** arguments) {
    const auto files = pmatch::IndexFiles::of(arguments[0], arguments[1]);
    const auto rows = read_array<std::int64_t>(arguments[4]);
    const auto vectors = read_array<float>(arguments[5]);
    pmatch::IndexBuilder builder(std::stoi(arguments[3]), {arguments[2], 0},
                                 static_cast<std::int64_t>(rows.size()));
    if (builder.wants_sample()) builder.sample(vectors);
    builder.add(rows, vectors);
    builder.finish().save(files, {arguments[1], "model", "fingerprint", {}, "index_tool", true});
    return 0;
}

int search(char** arguments) {
    const auto files = pmatch::IndexFiles::of(arguments[0], arguments[1]);
    const pmatch::IndexRecords records{pmatch::measure_file(files.faiss),
                                       pmatch::measure_file(files.rows),
                                       pmatch::measure_file(files.sidecar)};
    const auto index = pmatch::Index::load(files, records);
    const auto queries = read_array<float>(arguments[3]);
    const auto count = queries.size() / static_cast<std::size_t>(index.dim());
    auto output = nlohmann::json::array();
    for (const auto& found : index.search_batch(queries, count, std::stoi(arguments[2]))) {
        auto list = nlohmann::json::array();
        for (const auto& [row, score] : found)
            list.push_back({row, score});
        output.push_back(list);
    }
    std::cout << output.dump() << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "build" && argc == 8) return build(argv + 2);
    if (verb == "search" && argc == 6) return search(argv + 2);
    std::cerr << "usage: index_tool build|search …\n";
    return 2;
} catch (const pmatch::Error& error) {
    std::cerr << error.what() << "\n"
              << error.file() << "\n"
              << pmatch::test::words_of(error.remedy()) << "\n";
    return 1;
}
