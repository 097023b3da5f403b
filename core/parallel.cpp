#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/cpu_slots.hpp"

namespace pmatch {

int thread_count(int threads) {
    if (threads > 0) return threads;
    if (const int slots = cpu_slots(); slots > 0) return slots;
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void for_pieces(std::size_t count, int threads,
                const std::function<void(std::size_t, std::size_t)>& work, std::size_t piece) {
    const auto pieces = (count + piece - 1) / piece;
    const auto wanted = std::min(pieces, static_cast<std::size_t>(thread_count(threads)));
    if (wanted <= 1) {
        if (count > 0) work(0, count);
        return;
    }
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto run = [&] {
        try {
            for (auto number = next++; number < pieces; number = next++)
                work(number * piece, std::min(count, (number + 1) * piece));
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            next = pieces;
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < wanted; ++i)
            others.emplace_back(run);
        run();
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace pmatch
