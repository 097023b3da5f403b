#include "core/pipeline/embed_pipeline.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <mutex>
#include <thread>

#include "core/common/error.hpp"

namespace {

using namespace pmatch;

/// Gives `count` texts in windows of `window`; every seventh is known to be unusable.
class TextSource : public WorkSource {
public:
    TextSource(std::int64_t count, std::size_t window) : count_(count), window_(window) {}

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> items;
        while (next_ < count_ && items.size() < window_) {
            EmbeddingInput item;
            item.key.row = next_;
            item.text = std::string(static_cast<std::size_t>(next_ * 37 % 23 + 1), 'x');
            if (next_ % 7 == 6) item.problem = {"bad", "known to be bad"};
            items.push_back(std::move(item));
            ++next_;
        }
        ++windows_given;
        return items;
    }

    std::atomic<int> windows_given{0};

private:
    std::int64_t count_;
    std::size_t window_;
    std::int64_t next_ = 0;
};

/// A vector is (length of the text, number of texts in the batch).
class FakeEncoder : public Encoder {
public:
    FakeEncoder() { info_.dim = 2; }
    const EncoderInfo& info() const override { return info_; }
    Prepared prepare(const Image& image) const override { return {{}, image.rgb}; }
    Prepared prepare(std::string_view text, TextRole) const override {
        Prepared prepared;
        prepared.tokens.assign(text.size(), 1);
        prepared.nothing = text.size() == nothing_at;
        prepared.cut = text.size() >= cut_from;
        prepared.unknown = text.size() == unknown_at;
        return prepared;
    }
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        if (++calls >= fail_from) throw Error{"the encoder broke", {}, "mend it"};
        for (std::size_t i = 0; i < batch.size(); ++i) {
            vectors[2 * i] = static_cast<float>(batch[i]->tokens.size() + batch[i]->pixels.size());
            vectors[2 * i + 1] = static_cast<float>(batch.size());
            const std::lock_guard lock(mutex);
            order.push_back(batch[i]->tokens.size());
        }
    }

    // Sizes of texts.
    std::size_t nothing_at = 0;
    std::size_t cut_from = 1000;
    std::size_t unknown_at = 0;
    int fail_from = std::numeric_limits<int>::max();
    int calls = 0;
    std::mutex mutex;
    std::vector<std::size_t> order;

private:
    EncoderInfo info_;
};

class CollectingSink : public EmbeddingSink {
public:
    void append(EmbeddedWindow window) override {
        if (on_append) on_append();
        windows.push_back(std::move(window));
    }
    std::vector<EmbeddedWindow> windows;
    std::function<void()> on_append;
};

/// Pictures named "bad…" are problems; others are one white pixel.
class FakeReader : public PictureReader {
public:
    std::variant<Image, Problem> read(const std::filesystem::path& file,
                                      const std::optional<Hash128>&) const override {
        if (file.string().starts_with("bad")) return Problem{"truncated", "cut off"};
        return Image{1, 1, {255, 255, 255}};
    }
};

EmbedReport run(WorkSource& source, FakeEncoder& encoder, EmbeddingSink& sink,
                const EmbedHooks& hooks = {}) {
    std::vector<Encoder*> encoders{&encoder};
    EmbedOptions options;
    options.workers = 3;
    options.text_batch = 8;
    return embed(source, FakeReader{}, encoders, sink, options, hooks);
}

TEST_CASE("texts that were cut, are unknown or give no token are counted") {
    TextSource source(6, 4);  // of 1, 15, 6, 20, 11 and 2 bytes
    FakeEncoder encoder;
    encoder.cut_from = 11;
    encoder.unknown_at = 6;
    encoder.nothing_at = 2;
    CollectingSink sink;
    const auto report = run(source, encoder, sink);
    CHECK(report.cut == 3);
    CHECK(report.unknown == 1);
    CHECK(report.long_texts == 0);
    CHECK(report.vectors == 5);
    REQUIRE(sink.windows.back().skipped.size() == 1);
    CHECK(sink.windows.back().skipped.front().key.row == 5);
    CHECK(sink.windows.back().skipped.front().problem.code == "no_tokens");
}

TEST_CASE("every input comes out once, in order, as a vector or as skipped") {
    TextSource source(100, 32);
    FakeEncoder encoder;
    CollectingSink sink;
    const auto report = run(source, encoder, sink);

    CHECK(report.vectors == 86);
    CHECK(report.skipped == 14);
    CHECK_FALSE(report.interrupted);
    REQUIRE(sink.windows.size() == 4);
    std::int64_t expected = 0;
    for (const auto& window : sink.windows) {
        REQUIRE(window.vectors.size() == window.keys.size() * 2);
        for (std::size_t i = 0; i < window.keys.size(); ++i) {
            if (expected % 7 == 6) ++expected;
            CHECK(window.keys[i].row == expected);
            CHECK(window.vectors[2 * i] == static_cast<float>(expected * 37 % 23 + 1));
            ++expected;
        }
        for (const auto& skipped : window.skipped)
            CHECK(skipped.problem.code == "bad");
    }
}

TEST_CASE("texts are batched by length inside a window and no batch crosses a window") {
    TextSource source(64, 32);
    FakeEncoder encoder;
    CollectingSink sink;
    run(source, encoder, sink);

    // Two windows of 28 and 27 usable texts: batches of 8, 8, 8 and 4 or 3.
    REQUIRE(encoder.order.size() == 55);
    CHECK(std::is_sorted(encoder.order.begin(), encoder.order.begin() + 28));
    CHECK(std::is_sorted(encoder.order.begin() + 28, encoder.order.end()));
    CHECK(encoder.calls == 8);
}

TEST_CASE("a bad picture is skipped with its code and its neighbours are encoded") {
    class PictureSource : public WorkSource {
        bool given_ = false;
        std::vector<EmbeddingInput> next_window() override {
            if (given_) return {};
            given_ = true;
            std::vector<EmbeddingInput> items(3);
            items[0].picture = "a.jpg";
            items[1].picture = "bad.jpg";
            items[2].picture = "c.jpg";
            for (int i = 0; i < 3; ++i)
                items[static_cast<std::size_t>(i)].key.row = i;
            return items;
        }
    } source;
    FakeEncoder encoder;
    CollectingSink sink;
    const auto report = run(source, encoder, sink);

    CHECK(report.vectors == 2);
    REQUIRE(sink.windows.size() == 1);
    REQUIRE(sink.windows[0].skipped.size() == 1);
    CHECK(sink.windows[0].skipped[0].key.row == 1);
    CHECK(sink.windows[0].skipped[0].problem.code == "truncated");
    CHECK(sink.windows[0].keys[1].row == 2);
    CHECK(sink.windows[0].vectors == std::vector<float>{3, 2, 3, 2});
}

TEST_CASE("the source is read only a few windows ahead of the sink") {
    TextSource source(100'000, 10);
    FakeEncoder encoder;
    CollectingSink sink;
    int taken = 0;
    int furthest = 0;
    sink.on_append = [&] { furthest = std::max(furthest, source.windows_given - taken++); };
    run(source, encoder, sink);
    // Four in flight, the one in the sink's hands, and one being read.
    CHECK(furthest <= 6);
}

TEST_CASE("an encoder that breaks ends the run and reaches the caller") {
    TextSource source(10'000, 16);
    FakeEncoder encoder;
    encoder.fail_from = 20;
    CollectingSink sink;
    CHECK_THROWS_WITH_AS(run(source, encoder, sink), "the encoder broke", Error);
}

TEST_CASE("a wish to stop keeps the finished windows and ends the run") {
    TextSource source(100'000, 16);
    FakeEncoder encoder;
    CollectingSink sink;
    std::atomic<bool> stop{false};
    sink.on_append = [&] {
        if (sink.windows.size() == 5) stop = true;
    };
    const auto report = run(source, encoder, sink, {{}, &stop});
    CHECK(report.interrupted);
    CHECK(sink.windows.size() >= 6);
    CHECK(sink.windows.size() <= 12);
    for (std::size_t i = 0; i < sink.windows.size(); ++i) {
        CHECK(sink.windows[i].keys.front().row ==
              static_cast<std::int64_t>(16 * i) + (16 * i % 7 == 6 ? 1 : 0));
    }
}

TEST_CASE("an empty source is no work and no error") {
    TextSource source(0, 16);
    FakeEncoder encoder;
    CollectingSink sink;
    CHECK(run(source, encoder, sink).inputs() == 0);
}

}  // namespace
