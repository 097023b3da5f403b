/// Threads that answer requests, and the bounded queue before them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pmatch::cli {

/// Thread-safe.
class WorkerPool {
public:
    using Job = std::function<void()>;  ///< must not throw

    WorkerPool(std::size_t threads, std::size_t most_waiting);
    ~WorkerPool();  ///< finishes what is queued
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False if the queue is full.
    bool submit(Job job);
    std::size_t waiting() const;
    /// Jobs that wait or run.
    std::size_t pending() const;

private:
    void run();

    const std::size_t most_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::size_t idle_ = 0;
    std::size_t running_ = 0;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace pmatch::cli
