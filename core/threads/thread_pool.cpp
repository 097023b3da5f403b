#include "core/threads/thread_pool.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace pmatch {
namespace {

class ThreadPool {
public:
    void post(int count, const std::function<void()>& work) {
        {
            const std::lock_guard lock(mutex_);
            grow(static_cast<std::size_t>(count));
            tasks_.insert(tasks_.end(), static_cast<std::size_t>(count), work);
        }
        posted_.notify_all();
    }

private:
    /// Grows to the size requested by the largest loop; concurrent loops share the threads. If the
    /// system refuses to create a thread, the loop's owner does more of the work.
    void grow(std::size_t count) {
        try {
            for (; threads_ < count; ++threads_)
                std::thread([this] { run(); }).detach();
        } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch)
        }
    }

    [[noreturn]] void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            posted_.wait(lock, [this] { return !tasks_.empty(); });
            const auto task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable posted_;
    std::deque<std::function<void()>> tasks_;
    std::size_t threads_ = 0;
};

}  // namespace

void post_to_pool(int count, const std::function<void()>& work) {
    // Never destroyed: its threads wait for work until the process ends, also in a child of fork(),
    // which has none of them.
    static auto& pool = *new ThreadPool;
    pool.post(count, work);
}

}  // namespace pmatch
