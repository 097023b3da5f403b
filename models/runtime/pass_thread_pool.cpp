#include "models/runtime/pass_thread_pool.hpp"

#include <utility>

namespace pmatch {

Workers::Workers(int threads, const std::function<void()>& prepare) {
    threads_.reserve(static_cast<std::size_t>(threads));
    try {
        for (int i = 0; i < threads; ++i) {
            threads_.emplace_back([this, prepare] {
                prepare();
                work();
            });
        }
    } catch (...) {
        end();  // else those that did start would be waited for for ever
        throw;
    }
}

Workers::~Workers() {
    end();
}

void Workers::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

void Workers::run(std::size_t count, const std::function<void(std::size_t)>& task) {
    std::unique_lock lock(mutex_);
    task_ = &task;
    count_ = count;
    next_ = 0;
    changed_.notify_all();
    changed_.wait(lock, [this] { return next_ >= count_ && running_ == 0; });
    task_ = nullptr;
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Workers::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ended_ || next_ < count_; });
        if (ended_) return;
        const auto index = next_++;
        const auto& task = *task_;
        ++running_;
        lock.unlock();
        std::exception_ptr error;
        try {
            task(index);
        } catch (...) {
            error = std::current_exception();
        }
        lock.lock();
        --running_;
        if (error) {
            next_ = count_;
            if (!error_) error_ = error;
        }
        if (next_ >= count_ && running_ == 0) changed_.notify_all();
    }
}

}  // namespace pmatch
