// pmatch_tokenize TOKENIZER.json MAX_TOKENS: JSON strings in, one a line; JSON arrays of ids out.
// With --time the ids are not printed, but the seconds that tokenising took.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "models/tokenizer.hpp"

int main(int argc, char** argv) try {
    if (argc < 3) return 2;
    const auto tokenizer = pmatch::load_tokenizer(argv[1]);
    const auto limit = static_cast<std::size_t>(std::stoul(argv[2]));
    std::vector<std::string> texts;
    for (std::string line; std::getline(std::cin, line);) {
        texts.push_back(nlohmann::json::parse(line).get<std::string>());
    }
    if (argc > 3) {
        const auto start = std::chrono::steady_clock::now();
        std::size_t count = 0;
        for (const auto& text : texts)
            count += tokenizer->encode(text, limit).size();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        fmt::print("{} ids in {:.4f} s\n", count, seconds.count());
        return 0;
    }
    for (const auto& text : texts) {
        fmt::print("[{}]\n", fmt::join(tokenizer->encode(text, limit), ","));
    }
    return 0;
} catch (const pmatch::Error& e) {
    fmt::print(stderr, "{}\n  file: {}\n  fix: {}\n", e.what(), e.file(), e.fix());
    return 1;
}
