#include "cli/serve/service/worker_pool.hpp"

#include <utility>

#include "core/threads/single_threaded_blas.hpp"

namespace pmatch::cli {

WorkerPool::WorkerPool(std::size_t threads, std::size_t most_waiting)
    : most_waiting_(most_waiting) {
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

/// Jobs that an idle worker is about to take do not wait.
bool WorkerPool::submit(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() >= most_waiting_ + idle_) return false;
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

std::size_t WorkerPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

std::size_t WorkerPool::pending() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size() + running_;
}

/// Requests run beside each other, so none of them needs several threads for its matrices.
void WorkerPool::run() {
    const SingleThreadedBlas alone;
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        changed_.wait(lock, [&] { return stop_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) return;
        {
            const auto job = std::move(jobs_.front());
            jobs_.pop_front();
            ++running_;
            lock.unlock();
            job();
        }
        lock.lock();
        --running_;
    }
}

}  // namespace pmatch::cli
