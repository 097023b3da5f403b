#include "core/threads/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "core/threads/cpu_slots.hpp"
#include "core/threads/thread_pool.hpp"

namespace pmatch {

int thread_count(int threads) {
    if (threads > 0) return threads;
    if (const int slots = cpu_slots(); slots > 0) return slots;
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

namespace {

/// A loop shared by several threads; lives as long as any of them may access it.
class SharedLoop {
public:
    SharedLoop(std::size_t count, std::size_t piece,
               const std::function<void(std::size_t, std::size_t)>& work)
        : count_(count), piece_(piece), pieces_((count + piece - 1) / piece), work_(work) {}

    /// Called by the owner of the loop.
    void run() {
        take_pieces();
        std::unique_lock lock(mutex_);
        closed_ = true;
        left_.wait(lock, [this] { return helpers_ == 0; });
        if (failure_) std::rethrow_exception(failure_);
    }

    /// Called by helping threads, possibly after the loop is finished.
    void help() {
        {
            const std::lock_guard lock(mutex_);
            if (closed_) return;
            ++helpers_;
        }
        take_pieces();
        const std::lock_guard lock(mutex_);
        if (--helpers_ == 0) left_.notify_all();
    }

private:
    void take_pieces() {
        try {
            for (auto number = next_++; number < pieces_; number = next_++)
                work_(number * piece_, std::min(count_, (number + 1) * piece_));
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            next_ = pieces_;
        }
    }

    std::size_t count_;
    std::size_t piece_;
    std::size_t pieces_;
    const std::function<void(std::size_t, std::size_t)>& work_;  ///< until closed
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::condition_variable left_;
    int helpers_ = 0;
    bool closed_ = false;
    std::exception_ptr failure_;
};

}  // namespace

void for_pieces(std::size_t count, int threads,
                const std::function<void(std::size_t, std::size_t)>& work, std::size_t piece) {
    const auto pieces = (count + piece - 1) / piece;
    const auto wanted = std::min(pieces, static_cast<std::size_t>(thread_count(threads)));
    if (wanted <= 1) {
        if (count > 0) work(0, count);
        return;
    }
    const auto loop = std::make_shared<SharedLoop>(count, piece, work);
    post_to_pool(static_cast<int>(wanted) - 1, [loop] { loop->help(); });
    loop->run();
}

}  // namespace pmatch
