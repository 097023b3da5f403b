/// Runs a fuzz target where there is no libFuzzer: every seed, then changed and mixed seeds for
/// some seconds. TARGET SECONDS SEED-DIRECTORY [RANDOM-SEED]; the input that ended the process is
/// in ./crash-<target>.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

namespace {

std::string current;
std::string crash_file;

void keep_input(int signal) {
    // Not for a handler by the book; the process is lost anyway, and the input is worth the try.
    if (std::FILE* file = std::fopen(crash_file.c_str(), "wb")) {
        std::fwrite(current.data(), 1, current.size(), file);
        std::fclose(file);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const std::string& input) {
    current = input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Mutator {
public:
    Mutator(std::vector<std::string> seeds, unsigned seed)
        : seeds_(std::move(seeds)), random_(seed) {}

    std::string next() {
        auto text = pick();
        for (auto times = 1 + below(5); times > 0; --times)
            change(text);
        return text.substr(0, kLongest);
    }

private:
    static constexpr std::size_t kLongest = 1U << 20U;

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }
    const std::string& pick() { return seeds_[below(seeds_.size())]; }

    /// Often short, sometimes all that is there.
    std::string piece_of(const std::string& text) {
        if (text.empty()) return {};
        const auto at = below(text.size());
        return text.substr(at, 1 + below(below(4) == 0 ? text.size() : 16));
    }

    void change(std::string& text) {
        static constexpr std::array kOdd{"0",
                                         "-1",
                                         "4294967296",
                                         "18446744073709551615",
                                         "1e308",
                                         "9999999999999999999999",
                                         "null",
                                         "\"",
                                         "[[[[[[[[",
                                         "{",
                                         "\\u0000",
                                         "\xff\xfe",
                                         "\xc0",
                                         "\r\n",
                                         "'",
                                         "(((((((",
                                         "\xf0\x9f\x91\x8d",
                                         "nan"};
        const auto at = text.empty() ? 0 : below(text.size());
        switch (text.empty() ? 4 : below(9)) {
            case 0:
                text[at] =
                    static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << below(8)));
                break;
            case 1:
                text[at] = static_cast<char>(below(256));
                break;
            case 2:
                text.erase(at, 1 + below(16));
                break;
            case 3:
                text.resize(at);
                break;
            case 4:
                text.insert(at, kOdd.at(below(kOdd.size())));
                break;
            case 5:
                text.insert(at, piece_of(pick()));
                break;
            case 6:
                text.insert(at, piece_of(text));
                break;
            case 7: {
                const auto& other = pick();
                text = text.substr(0, at) + other.substr(std::min(at, other.size()));
                break;
            }
            default:
                replace_number(text, at, kOdd.at(below(6)));
        }
    }

    static void replace_number(std::string& text, std::size_t from, const char* other) {
        const auto first = text.find_first_of("0123456789", from);
        if (first == std::string::npos) return;
        const auto end = std::min(text.find_first_not_of("0123456789.", first), text.size());
        text.replace(first, end - first, other);
    }

    std::vector<std::string> seeds_;
    std::mt19937 random_;
};

std::vector<std::string> read_seeds(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> seeds;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return seeds;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    crash_file = "crash-" + std::filesystem::path(argv[0]).filename().string();
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS})
        std::signal(signal, keep_input);
    const auto seeds = read_seeds(argv[2]);
    if (seeds.empty()) return 2;
    for (const auto& seed : seeds)
        run(seed);
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(std::atof(argv[1]));
    Mutator mutator(seeds, argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 1);
    long runs = 0;
    for (; Clock::now() < end; ++runs)
        run(mutator.next());
    std::printf("%zu seeds and %ld changed ones\n", seeds.size(), runs);
    return 0;
}
