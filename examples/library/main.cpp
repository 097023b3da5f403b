/// pmatch as a library: one open collection, eight threads, a request for every query of a file and
/// every kind of question. Writes the answers of each kind as `pmatch query --format tsv` does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "cli/engine/open_engine.hpp"
#include "cli/engine/query_file_reader.hpp"
#include "core/common/error.hpp"

namespace {

/// What the command line calls --preset, --where and --collapse.
const std::array<pmatch::RankingOptions, 8> kKinds{{{.preset = "auto"},
                                                    {.preset = "text"},
                                                    {.preset = "lexical"},
                                                    {.preset = "hybrid"},
                                                    {.preset = "wsum"},
                                                    {.preset = "text", .where = "price < 20"},
                                                    {.preset = "lexical", .where = "price >= 20"},
                                                    {.preset = "hybrid", .collapse = "colour"}}};

/// One request for each query: what others ask meanwhile changes nothing.
std::string answers(const pmatch::Engine& engine, const std::vector<pmatch::Query>& queries,
                    const pmatch::RankingOptions& ranking) {
    std::string lines = "query\trank\titem\tscore\n";
    for (const auto& query : queries) {
        const auto result = engine.answer({.queries = {query}, .ranking = ranking, .top = 5});
        int rank = 0;
        for (const auto& [item, score] : result.answers.front().result.answers)
            lines += fmt::format("{}\t{}\t{}\t{:.6f}\n", query.id, ++rank, item, score);
    }
    return lines;
}

void run(const std::string& directory, const std::string& file, const std::string& out) {
    const auto collection =
        std::make_shared<const pmatch::Collection>(pmatch::Collection::open(directory));
    const auto engine = pmatch::open_engine(
        collection, {.limits = {.batching = pmatch::Batching::kApart}});  // bytes as if alone
    pmatch::QueryFileOptions source;
    source.source = file;
    pmatch::QueryFileReader feed(source, collection->manifest().items.mapping);
    const auto queries = feed.next(1000);
    std::vector<std::future<void>> threads;
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        threads.push_back(std::async(std::launch::async, [&, kind] {
            std::ofstream(fmt::format("{}/{}.tsv", out, kind))
                << answers(*engine, queries, kKinds[kind]);
        }));
    }
    for (auto& thread : threads)
        thread.get();  // throws what the thread threw
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "usage: {} COLLECTION QUERIES.csv DIRECTORY\n", argv[0]);
        return 2;
    }
    try {
        run(argv[1], argv[2], argv[3]);
    } catch (const pmatch::Error& error) {
        const auto& [advice, commands, otherwise] = error.remedy();
        fmt::print(stderr, "{}\n  {} {}\n", error.what(), advice, otherwise);
        for (const auto& [verb, collection, arguments] : commands)
            fmt::print(stderr, "  pmatch {} {} {}\n", verb, collection, fmt::join(arguments, " "));
        return 1;
    }
    return 0;
}
