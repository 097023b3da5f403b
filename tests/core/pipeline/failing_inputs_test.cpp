#include "core/pipeline/failing_inputs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <new>
#include <set>
#include <stdexcept>
#include <string>

#include "core/common/error.hpp"
#include "core/pipeline/caption_pipeline.hpp"
#include "core/pipeline/embed_pipeline.hpp"

namespace {

using namespace pmatch;

/// The steps at which an input may fail.
enum class Step { kRead, kPrepare, kRun };

/// Makes the inputs of some numbers fail at one step.
struct Faults {
    Step step = Step::kRun;
    std::set<int> inputs;
    std::function<void()> fail = [] { throw std::runtime_error("cannot"); };
    bool broken = false;  ///< the network fails on everything

    void meet(Step now, int input) const {
        if (now == step && inputs.contains(input)) fail();
    }
};

constexpr int kUnknown = -1;  // the plain input of the pipeline

/// Inputs 0 to `count` - 1 in one window each of `window`: pictures named by their number, or
/// texts that are it.
class Numbers : public WorkSource {
public:
    Numbers(int count, int window, bool pictures)
        : count_(count), window_(window), pictures_(pictures) {}

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> items;
        for (; next_ < count_ && static_cast<int>(items.size()) < window_; ++next_) {
            auto& item = items.emplace_back();
            item.key.row = next_;
            if (pictures_) item.picture = std::to_string(next_);
            if (!pictures_) item.text = std::to_string(next_);
        }
        return items;
    }

private:
    int count_;
    int window_;
    bool pictures_;
    int next_ = 0;
};

/// A picture is as wide as its number is high, and one more.
class NumberReader : public PictureReader {
public:
    explicit NumberReader(const Faults& faults) : faults_(faults) {}
    std::variant<Image, Problem> read(const std::filesystem::path& file,
                                      const std::optional<Hash128>&) const override {
        const int number = std::stoi(file.string());
        faults_.meet(Step::kRead, number);
        return Image{number + 1, 1, {}};
    }

private:
    const Faults& faults_;
};

int number_of(const Image& image) {
    return image.height == 1 ? image.width - 1 : kUnknown;
}

class FaultyEncoder : public Encoder {
public:
    explicit FaultyEncoder(const Faults& faults) : faults_(faults) { info_.dim = 1; }
    const EncoderInfo& info() const override { return info_; }
    Prepared prepare(const Image& image) const override { return prepared(number_of(image)); }
    Prepared prepare(std::string_view text, TextRole) const override {
        const bool known = text.find_first_not_of("0123456789") == std::string_view::npos;
        return prepared(known ? std::stoi(std::string(text)) : kUnknown);
    }
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        ++calls;
        if (faults_.broken) faults_.fail();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            faults_.meet(Step::kRun, batch[i]->tokens.front());
            vectors[i] = static_cast<float>(batch[i]->tokens.front());
        }
    }
    int calls = 0;

private:
    Prepared prepared(int number) const {
        faults_.meet(Step::kPrepare, number);
        return {{number}, {}};
    }

    const Faults& faults_;
    EncoderInfo info_;
};

class FaultyCaptioner : public Captioner {
public:
    explicit FaultyCaptioner(const Faults& faults) : faults_(faults) {}
    const CaptionerInfo& info() const override { return info_; }
    PreparedPicture prepare(const Image& image) const override {
        const int number = number_of(image);
        faults_.meet(Step::kPrepare, number);
        return {number, 1, {}};
    }
    std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                 const Progress& progress) override {
        if (faults_.broken) faults_.fail();
        std::vector<Caption> captions;
        for (const auto* picture : pictures) {
            faults_.meet(Step::kRun, picture->width);
            captions.push_back({"picture " + std::to_string(picture->width), {1}});
            if (progress && !progress(captions.size(), captions.size())) break;
        }
        captions.resize(pictures.size());
        return captions;
    }

private:
    const Faults& faults_;
    CaptionerInfo info_;
};

/// Codes of the inputs that failed; the others were checked to have their own result.
using Failed = std::map<int, std::string>;

class VectorSink : public EmbeddingSink {
public:
    void append(EmbeddedWindow window) override {
        for (std::size_t i = 0; i < window.keys.size(); ++i)
            CHECK(window.vectors[i] == static_cast<float>(window.keys[i].row));
        inputs += window.keys.size() + window.skipped.size();
        for (const auto& skipped : window.skipped)
            failed[static_cast<int>(skipped.key.row)] = skipped.problem.code;
    }
    std::size_t inputs = 0;
    Failed failed;
};

class TextSink : public CaptionSink {
public:
    void append(std::vector<CaptionEntry> window) override {
        inputs += window.size();
        for (const auto& entry : window) {
            if (!entry.good()) failed[static_cast<int>(entry.key.row)] = entry.problem.code;
            if (entry.good()) CHECK(entry.caption == "picture " + std::to_string(entry.key.row));
        }
    }
    std::size_t inputs = 0;
    Failed failed;
};

constexpr int kCount = 40;

Failed embed_all(const Faults& faults, bool pictures, int window = 16) {
    Numbers source(kCount, window, pictures);
    FaultyEncoder encoder(faults);
    VectorSink sink;
    std::vector<Encoder*> encoders{&encoder};
    EmbedOptions options;
    options.workers = 3;
    options.text_batch = options.picture_batch = 8;
    const auto report = embed(source, NumberReader(faults), encoders, sink, options);
    CHECK(sink.inputs == kCount);
    CHECK(report.skipped == static_cast<std::int64_t>(sink.failed.size()));
    return sink.failed;
}

Failed caption_all(const Faults& faults, int window = 16) {
    Numbers source(kCount, window, true);
    FaultyCaptioner captioner(faults);
    TextSink sink;
    const auto report = caption(source, NumberReader(faults), captioner, sink);
    CHECK(sink.inputs == kCount);
    CHECK(report.skipped == static_cast<std::int64_t>(sink.failed.size()));
    CHECK(report.captions == kCount - report.skipped);
    return sink.failed;
}

Failed all_with(const std::set<int>& inputs, const std::string& code) {
    Failed failed;
    for (const int input : inputs)
        failed[input] = code;
    return failed;
}

const std::vector<std::function<void()>> kThrows{
    [] {
        throw Error{"too narrow", {}, "leave it out"};
    },
    [] { throw std::length_error("too long"); },
    [] { throw std::bad_array_new_length(); },
    [] { throw 42; },
};

}  // namespace

TEST_CASE("an input that fails at any step, by whatever exception, is skipped alone") {
    const std::map<Step, std::string> codes{
        {Step::kRead, "unreadable"}, {Step::kPrepare, "not_prepared"}, {Step::kRun, "not_encoded"}};
    for (const auto& [step, code] : codes) {
        for (const auto& fail : kThrows) {
            const Faults faults{step, {0, 7, 8, 9, 30, 39}, fail};
            CHECK(embed_all(faults, true) == all_with(faults.inputs, code));
            if (step != Step::kRead)
                CHECK(embed_all(faults, false) == all_with(faults.inputs, code));
            const auto caption_code = step == Step::kRun ? "not_captioned" : code;
            CHECK(caption_all(faults) == all_with(faults.inputs, caption_code));
        }
    }
}

TEST_CASE("a window of nothing but failing inputs is no reason to stop") {
    Faults faults;
    for (int input = 16; input < 32; ++input)
        faults.inputs.insert(input);
    CHECK(embed_all(faults, true) == all_with(faults.inputs, "not_encoded"));
    CHECK(caption_all(faults) == all_with(faults.inputs, "not_captioned"));
    faults.inputs = {5};
    CHECK(embed_all(faults, true, 1) == all_with(faults.inputs, "not_encoded"));
}

TEST_CASE("a network that fails on a plain input, too, ends the run with its first error") {
    const Faults faults{.step = Step::kRun, .inputs = {}, .fail = kThrows.front(), .broken = true};
    CHECK_THROWS_WITH_AS(embed_all(faults, true), "too narrow", Error);
    CHECK_THROWS_WITH_AS(embed_all(faults, false), "too narrow", Error);
    CHECK_THROWS_WITH_AS(caption_all(faults), "too narrow", Error);
}

TEST_CASE("memory that runs out at any step ends the run") {
    for (const auto step : {Step::kRead, Step::kPrepare, Step::kRun}) {
        const Faults faults{step, {9}, [] { throw std::bad_alloc(); }};
        CHECK_THROWS_AS(embed_all(faults, true), std::bad_alloc);
        CHECK_THROWS_AS(caption_all(faults), std::bad_alloc);
    }
}

TEST_CASE("one failing input among many costs few calls") {
    const Faults faults{.step = Step::kRun, .inputs = {300}};
    FaultyEncoder encoder(faults);
    std::vector<Prepared> prepared;
    std::vector<const Prepared*> batch;
    for (int i = 0; i < 1024; ++i)
        prepared.push_back({{i}, {}});
    for (const auto& one : prepared)
        batch.push_back(&one);
    std::vector<float> vectors(batch.size());
    const auto problems = encode_batch(
        encoder, false, [&](auto inputs, auto values) { encoder.encode(inputs, values); }, batch,
        vectors);
    CHECK(std::count_if(problems.begin(), problems.end(),
                        [](const Problem& problem) { return !problem.code.empty(); }) == 1);
    CHECK(problems[300].code == "not_encoded");
    CHECK(encoder.calls == 1 + 1 + 2 * 10);  // all, the plain one, both halves ten times
}

TEST_CASE("a wish to stop ends a caption batch that is tried again") {
    const Faults faults{.step = Step::kRun, .inputs = {3}};
    FaultyCaptioner captioner(faults);
    std::vector<PreparedPicture> pictures(8);
    std::vector<const PreparedPicture*> batch;
    for (int i = 0; i < 8; ++i) {
        pictures[static_cast<std::size_t>(i)].width = i;
        batch.push_back(&pictures[static_cast<std::size_t>(i)]);
    }
    std::size_t most = 0;
    const auto result = caption_batch(captioner, batch, [&](std::size_t done, std::size_t) {
        most = std::max(most, done);
        return done < 5;
    });
    CHECK(most == 5);
    CHECK(result.problems[3].code == "not_captioned");
    CHECK_FALSE(result.captions[4].text.empty());
    CHECK(result.captions[7].text.empty());
}
