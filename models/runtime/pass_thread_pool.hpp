/// Runs forward passes in parallel, one thread each. That avoids synchronisation inside passes, so
/// it is faster than all threads on one pass, by far so on a busy machine.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pmatch {

class Workers {
public:
    /// Each thread calls `prepare` once, before its first task.
    Workers(int threads, const std::function<void()>& prepare);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Calls task(0) to task(count - 1), each once, in any order, and returns when all are done.
    /// Rethrows the first exception of a task; tasks not started by then are skipped. Not
    /// thread-safe: one call at a time.
    void run(std::size_t count, const std::function<void(std::size_t)>& task);

private:
    void work();
    void end();

    std::mutex mutex_;
    std::condition_variable changed_;
    const std::function<void(std::size_t)>* task_ = nullptr;
    std::size_t count_ = 0;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    bool ended_ = false;
    std::exception_ptr error_;
    std::vector<std::jthread> threads_;
};

}  // namespace pmatch
