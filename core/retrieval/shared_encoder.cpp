#include "core/retrieval/shared_encoder.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {

/// Lives on the stack of the waiting thread; everything but the spans is guarded by the mutex until
/// the job is done.
struct SharedEncoder::Job {
    std::span<const Prepared* const> batch;
    std::span<float> vectors;
    std::size_t longest = 0;  ///< tokens
    std::size_t pixels = 0;
    bool taken = false;
    bool done = false;
    std::exception_ptr error = nullptr;
};

SharedEncoder::SharedEncoder(std::unique_ptr<Encoder> encoder, BatchLimits limits)
    : encoder_(std::move(encoder)), limits_(limits) {
    check_one_vector_per_input(info());
}

SharedEncoder::~SharedEncoder() = default;

void SharedEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors) {
    encode(batch, vectors, {});
}

void SharedEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors,
                           const std::stop_token& cancelled) {
    if (batch.empty()) return;
    Job job{batch, vectors};
    for (const auto* input : batch) {
        job.longest = std::max(job.longest, input->tokens.size());
        job.pixels += input->pixels.size();
    }
    std::unique_lock lock(mutex_);
    waiting_.push_back(&job);
    while (!job.done) {
        if (!job.taken && cancelled.stop_requested()) {
            waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &job));
            throw Cancelled();
        }
        if (!busy_) {
            lead(lock);
        } else if (job.taken) {
            changed_.wait(lock, [&] { return job.done || !busy_; });
        } else {
            changed_.wait(lock, cancelled, [&] { return job.done || job.taken || !busy_; });
        }
    }
    if (job.error) std::rethrow_exception(job.error);
}

/// The total padded size must not exceed the limit.
bool SharedEncoder::fits(const std::vector<Job*>& jobs, const Job& next) const {
    if (limits_.batching == Batching::kApart) return false;
    if ((next.pixels == 0) != (jobs.front()->pixels == 0)) return false;
    std::size_t longest = next.longest;
    std::size_t inputs = next.batch.size();
    std::size_t pixels = next.pixels;
    for (const auto* job : jobs) {
        longest = std::max(longest, job->longest);
        inputs += job->batch.size();
        pixels += job->pixels;
    }
    return longest * inputs <= limits_.tokens && pixels <= limits_.pixels;
}

/// The first waiting job plus, in order, the others that fit into its batch.
std::vector<SharedEncoder::Job*> SharedEncoder::take_batch() {
    std::vector<Job*> jobs;
    std::deque<Job*> left;
    for (auto* job : waiting_) {
        if (!jobs.empty() && !fits(jobs, *job)) {
            left.push_back(job);
            continue;
        }
        job->taken = true;
        jobs.push_back(job);
    }
    waiting_ = std::move(left);
    return jobs;
}

void SharedEncoder::lead(std::unique_lock<std::mutex>& lock) {
    const auto jobs = take_batch();
    busy_ = true;
    lock.unlock();
    encode_jobs(jobs);
    lock.lock();
    busy_ = false;
    for (auto* job : jobs)
        job->done = true;
    changed_.notify_all();
}

void SharedEncoder::encode_jobs(const std::vector<Job*>& jobs) {
    if (jobs.size() > 1) {
        try {
            encode_together(jobs);
            return;
        } catch (...) {  // NOLINT(bugprone-empty-catch): retried singly for individual errors
        }
    }
    for (auto* job : jobs)
        encode_one(*job);
}

void SharedEncoder::encode_one(Job& job) {
    try {
        encoder_->encode(job.batch, job.vectors);
    } catch (...) {
        job.error = std::current_exception();
    }
}

void SharedEncoder::encode_together(const std::vector<Job*>& jobs) {
    const auto dim = static_cast<std::size_t>(info().dim);
    struct Place {
        const Prepared* input;
        float* vector;
    };
    std::vector<Place> places;
    for (const auto* job : jobs) {
        for (std::size_t i = 0; i < job->batch.size(); ++i)
            places.push_back({job->batch[i], job->vectors.data() + i * dim});
    }
    std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
        return a.input->tokens.size() < b.input->tokens.size();
    });
    std::vector<const Prepared*> batch;
    for (const auto& place : places)
        batch.push_back(place.input);
    std::vector<float> vectors(batch.size() * dim);
    encoder_->encode(batch, vectors);
    for (std::size_t i = 0; i < places.size(); ++i)
        std::copy_n(vectors.data() + i * dim, dim, places[i].vector);
}

}  // namespace pmatch
