/// Measures text requests per second against an open collection: sequential, and from many threads
/// concurrently. Usage: pmatch_concurrent COLLECTION QUERIES.csv [CALLERS [THREADS]] [--apart]
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "cli/engine/open_engine.hpp"
#include "cli/engine/query_file_reader.hpp"
#include "core/common/stopwatch.hpp"
#include "core/threads/cpu_slots.hpp"

namespace {

using namespace pmatch;

constexpr int kRounds = 3;

struct Measured {
    double a_second = 0;
    double median = 0;  ///< milliseconds of one request
    double cpu = 0;     ///< milliseconds of processor time a request, of all threads
};

double processor_milliseconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto milliseconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
}

Measured measure(const Engine& engine, const std::vector<Query>& queries, std::size_t callers) {
    std::vector<double> each(queries.size());
    const Stopwatch watch;
    const double before = processor_milliseconds();
    std::vector<std::jthread> threads;
    for (std::size_t caller = 0; caller < callers; ++caller) {
        threads.emplace_back([&, caller] {
            for (auto i = caller; i < queries.size(); i += callers) {
                const Stopwatch one;
                engine.answer({.queries = {queries[i]}, .ranking = {.preset = "text"}});
                each[i] = one.milliseconds();
            }
        });
    }
    threads.clear();
    const double seconds = watch.milliseconds() / 1000;
    std::nth_element(each.begin(), each.begin() + std::ssize(each) / 2, each.end());
    const auto count = static_cast<double>(queries.size());
    return {count / seconds, each[each.size() / 2], (processor_milliseconds() - before) / count};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const bool apart = std::string(argv[argc - 1]) == "--apart";
    const auto callers = argc > 3 && argv[3][0] != '-' ? std::strtoul(argv[3], nullptr, 10) : 64UL;
    const int threads = argc > 4 && argv[4][0] != '-' ? std::atoi(argv[4]) : 0;
    set_cpu_slots(threads);
    const auto collection = std::make_shared<const Collection>(Collection::open(argv[1]));
    const auto batching = apart ? Batching::kApart : Batching::kMixed;
    const auto engine = open_engine(
        collection, {.execution = {nobody(), threads}, .limits = {.batching = batching}});
    QueryFileOptions source;
    source.source = argv[2];
    QueryFileReader feed(source, collection->manifest().items.mapping);
    const auto queries = feed.next(callers);
    measure(*engine, queries, 1);  // opens everything
    for (int round = 0; round < kRounds; ++round) {
        const auto alone = measure(*engine, queries, 1);
        const auto many = measure(*engine, queries, callers);
        fmt::print("in a row {:.1f}/s ({:.2f} ms each, {:.2f} of CPU), {} at a time {:.1f}/s "
                   "({:.2f} of CPU): {:.2f} times, {:.2f} by CPU\n",
                   alone.a_second, alone.median, alone.cpu, callers, many.a_second, many.cpu,
                   many.a_second / alone.a_second, alone.cpu / many.cpu);
        std::fflush(stdout);
    }
    return 0;
}
