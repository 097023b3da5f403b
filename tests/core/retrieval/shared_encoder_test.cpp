#include "core/retrieval/shared_encoder.hpp"

#include <doctest/doctest.h>

#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/core/engine/engine_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

std::vector<float> vector_of(const std::string& text) {
    EncoderLog log;
    const LetterEncoder encoder(log);
    std::vector<float> vector(kDim);
    letters_to_vector(encoder.prepare(text, TextRole::kQuery).tokens, vector);
    return vector;
}

std::vector<float> encode(SharedEncoder& encoder, const std::string& text,
                          const std::stop_token& cancelled = {}) {
    const auto prepared = encoder.prepare(text, TextRole::kQuery);
    const std::vector<const Prepared*> batch{&prepared};
    std::vector<float> vector(kDim);
    encoder.encode(batch, vector, cancelled);
    return vector;
}

/// Holds the encoder with one text while others come to wait for it.
class BusyEncoder {
public:
    explicit BusyEncoder(BatchLimits limits = {})
        : encoder(std::make_unique<LetterEncoder>(log), limits) {
        log.hold = true;
        first_ = std::async(std::launch::async, [this] { encode(encoder, "first"); });
        while (log.calls() == 0)
            std::this_thread::yield();
    }
    void let_go() {
        log.hold = false;
        first_.get();
    }

    EncoderLog log;
    SharedEncoder encoder;

private:
    std::future<void> first_;
};

/// A thread cannot be seen waiting; this is long enough for it to begin.
void let_others_wait() {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

TEST_CASE("what waits while the encoder is busy shares its next pass") {
    BusyEncoder busy;
    std::vector<std::future<std::vector<float>>> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(std::async(std::launch::async, [&busy, i] {
            return encode(busy.encoder, std::string(static_cast<std::size_t>(8 - i), 'a'));
        }));
    }
    let_others_wait();
    busy.let_go();
    for (int i = 0; i < 8; ++i)
        CHECK(waiting[static_cast<std::size_t>(i)].get() ==
              vector_of(std::string(static_cast<std::size_t>(8 - i), 'a')));
    CHECK(busy.log.batches == std::vector<std::size_t>{1, 8});
    CHECK(busy.log.most == 1);
}

TEST_CASE("requests that want their vectors as if alone share no pass") {
    BusyEncoder busy({.batching = Batching::kApart});
    std::vector<std::future<std::vector<float>>> waiting;
    for (int i = 0; i < 3; ++i)
        waiting.push_back(
            std::async(std::launch::async, [&] { return encode(busy.encoder, "x"); }));
    let_others_wait();
    busy.let_go();
    for (auto& one : waiting)
        CHECK(one.get() == vector_of("x"));
    CHECK(busy.log.batches == std::vector<std::size_t>{1, 1, 1, 1});
}

TEST_CASE("a pass is bounded by its padded tokens") {
    BusyEncoder busy({.tokens = 20});
    std::vector<std::future<std::vector<float>>> waiting;
    for (int i = 0; i < 5; ++i)
        waiting.push_back(
            std::async(std::launch::async, [&] { return encode(busy.encoder, "0123456789"); }));
    let_others_wait();
    busy.let_go();
    for (auto& one : waiting)
        one.get();
    CHECK(busy.log.batches == std::vector<std::size_t>{1, 2, 2, 1});
}

TEST_CASE("a request that is cancelled while it waits is not encoded") {
    BusyEncoder busy;
    std::stop_source stop;
    auto waiting = std::async(std::launch::async,
                              [&] { return encode(busy.encoder, "late", stop.get_token()); });
    let_others_wait();
    stop.request_stop();
    CHECK_THROWS_AS(waiting.get(), Cancelled);
    busy.let_go();
    CHECK(busy.log.batches == std::vector<std::size_t>{1});
}

TEST_CASE("of requests that share a pass only the one that fails gets the error") {
    BusyEncoder busy;
    auto good = std::async(std::launch::async, [&] { return encode(busy.encoder, "good"); });
    auto bad = std::async(std::launch::async, [&] { return encode(busy.encoder, "!"); });
    let_others_wait();
    busy.let_go();
    CHECK(good.get() == vector_of("good"));
    CHECK_THROWS_WITH_AS(bad.get(), "a text begins with '!'", Error);
}

TEST_CASE("many threads get their own vectors") {
    EncoderLog log;
    SharedEncoder encoder(std::make_unique<LetterEncoder>(log));
    std::vector<std::jthread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const auto text = "text " + std::to_string(t) + " " + std::to_string(i);
                if (encode(encoder, text) != vector_of(text)) ++wrong;
            }
        });
    }
    threads.clear();
    CHECK(wrong == 0);
    CHECK(log.most == 1);
}

}  // namespace
