// pmatch_tokenize TOKENIZER.json MAX_TOKENS: JSON strings in, one a line; JSON arrays of ids out.
// With --time the ids are not printed, but the seconds that tokenising took, once per line.
// With --decode arrays of ids come in and strings go out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "models/tokenizer/tokenizer.hpp"
#include "tests/support/remedy_words.hpp"

namespace {

constexpr int kRuns = 5;

/// The fastest of a few runs.
void print_time(const pmatch::Tokenizer& tokenizer, const std::vector<std::string>& texts,
                std::size_t limit) {
    double best = 1e9;
    std::size_t count = 0;
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        count = 0;
        for (const auto& text : texts)
            count += tokenizer.encode(text, limit).size();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        best = std::min(best, seconds.count());
    }
    fmt::print("{} {:.6f}\n", count, best);
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3) return 2;
    const auto tokenizer = pmatch::load_tokenizer(argv[1]);
    const auto limit = static_cast<std::size_t>(std::stoul(argv[2]));
    const std::string mode = argc > 3 ? argv[3] : "";
    std::vector<std::string> texts;
    for (std::string line; std::getline(std::cin, line);) {
        const auto value = nlohmann::json::parse(line);
        if (mode == "--decode") {
            const auto text = tokenizer->decode(value.get<std::vector<std::int32_t>>());
            fmt::print("{}\n", nlohmann::json(text).dump());
        } else {
            texts.push_back(value.get<std::string>());
        }
    }
    if (mode == "--time") {
        print_time(*tokenizer, texts, limit);
        return 0;
    }
    for (const auto& text : texts) {
        fmt::print("[{}]\n", fmt::join(tokenizer->encode(text, limit), ","));
    }
    return 0;
} catch (const pmatch::Error& e) {
    fmt::print(stderr, "{}\n  file: {}\n  fix: {}\n", e.what(), e.file(),
               pmatch::test::words_of(e.remedy()));
    return 1;
}
