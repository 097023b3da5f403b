/// An encoder shared by many threads: requests that arrive while it is busy form its next batch.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "core/common/input_failure.hpp"
#include "core/encoders/encoder.hpp"

namespace pmatch {

/// The caller cancelled before its turn.
class Cancelled : public Interruption {
public:
    Cancelled() : Interruption("the request was cancelled", {}, "ask again") {}
};

enum class Batching {
    /// Texts of different requests share a pass: many times faster under concurrent load, but the
    /// last bit of a vector may depend on its batch.
    kMixed,
    /// Each request is encoded separately: its vectors do not depend on concurrent requests.
    kApart,
};

/// Limits of a batch; a single larger request is encoded alone.
struct BatchLimits {
    Batching batching = Batching::kMixed;
    std::size_t tokens = std::size_t{1} << 13U;  ///< including padding
    std::size_t pixels = std::size_t{32} * 3 * 224 * 224;
};

/// There is no timer: a request that finds the encoder free is encoded immediately on its own
/// thread; afterwards one of the waiting threads encodes a batch for all of them.
class SharedEncoder final : public Encoder {
public:
    /// Throws Error for an encoder with a variable number of vectors per input.
    explicit SharedEncoder(std::unique_ptr<Encoder> encoder, BatchLimits limits = {});
    ~SharedEncoder() override;

    const EncoderInfo& info() const override { return encoder_->info(); }
    Prepared prepare(const Image& image) const override { return encoder_->prepare(image); }
    Prepared prepare(std::string_view text, TextRole role) const override {
        return encoder_->prepare(text, role);
    }
    /// Thread-safe. Throws Cancelled if `cancelled` is set before its turn.
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override;
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors,
                const std::stop_token& cancelled);

private:
    struct Job;
    std::vector<Job*> take_batch();
    bool fits(const std::vector<Job*>& jobs, const Job& next) const;
    void lead(std::unique_lock<std::mutex>& lock);
    void encode_jobs(const std::vector<Job*>& jobs);
    void encode_together(const std::vector<Job*>& jobs);
    void encode_one(Job& job);

    std::unique_ptr<Encoder> encoder_;
    BatchLimits limits_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Job*> waiting_;
    bool busy_ = false;
};

}  // namespace pmatch
