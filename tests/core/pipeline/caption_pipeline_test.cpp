#include "core/pipeline/caption_pipeline.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "core/threads/cpu_slots.hpp"

namespace {

using namespace pmatch;

/// Pictures "0.png", "1.png", … in windows of `window`.
class PictureSource : public WorkSource {
public:
    PictureSource(std::int64_t count, std::int64_t window) : count_(count), window_(window) {}

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> items;
        while (next_ < count_ && static_cast<std::int64_t>(items.size()) < window_) {
            EmbeddingInput item;
            item.key.row = next_;
            item.picture = std::to_string(next_++) + ".png";
            items.push_back(std::move(item));
        }
        return items;
    }

private:
    std::int64_t count_;
    std::int64_t window_;
    std::int64_t next_ = 0;
};

/// As wide as the number in the name; "3.png" is broken.
class NumberReader : public PictureReader {
public:
    std::variant<Image, Problem> read(const std::filesystem::path& file,
                                      const std::optional<Hash128>&) const override {
        if (file == "3.png") return Problem{"truncated", "it ends too early"};
        return Image{std::stoi(file.stem().string()) + 1, 1, {}};
    }
};

/// Takes a core while it decodes, as the reader of files does.
class BusyReader : public NumberReader {
public:
    std::variant<Image, Problem> read(const std::filesystem::path& file,
                                      const std::optional<Hash128>& expected) const override {
        const CpuSlots slot;
        return NumberReader::read(file, expected);
    }
};

/// Writes the picture's width; nothing for the width 5, the same over and over for 6.
class FakeCaptioner : public Captioner {
public:
    const CaptionerInfo& info() const override { return info_; }
    PreparedPicture prepare(const Image& image) const override {
        return {image.width, image.height, {}};
    }
    std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                 const Progress& progress) override {
        std::vector<Caption> captions;
        for (const auto* picture : pictures) {
            Caption caption{"width " + std::to_string(picture->width), {1, picture->width}};
            if (picture->width == 5) caption = {};
            if (picture->width == 6) caption.tokens.assign(12, 7);
            captions.push_back(std::move(caption));
            if (progress && !progress(captions.size(), captions.size() * 2)) break;
        }
        captions.resize(pictures.size());
        return captions;
    }

private:
    CaptionerInfo info_;
};

class Collected : public CaptionSink {
public:
    void append(std::vector<CaptionEntry> window) override {
        ++windows;
        entries.insert(entries.end(), window.begin(), window.end());
    }
    int windows = 0;
    std::vector<CaptionEntry> entries;
};

}  // namespace

TEST_CASE("one core is enough for a reader that takes one while it decodes") {
    set_cpu_slots(1);
    PictureSource source(9, 4);
    const BusyReader reader;
    FakeCaptioner captioner;
    Collected sink;
    caption(source, reader, captioner, sink, {}, {});
    CHECK(sink.entries.size() == 9);
    set_cpu_slots(0);
}

TEST_CASE("every picture gets its caption or the reason why it has none") {
    PictureSource source(9, 4);
    const NumberReader reader;
    FakeCaptioner captioner;
    Collected sink;
    std::int64_t last = -1;
    const auto report = caption(source, reader, captioner, sink, {},
                                {[&](const CaptionReport& r) { last = r.tokens; }, nullptr});
    CHECK(sink.windows == 3);
    REQUIRE(sink.entries.size() == 9);
    for (std::int64_t row = 0; row < 9; ++row) {
        const auto& entry = sink.entries[static_cast<std::size_t>(row)];
        CHECK(entry.key.row == row);
        CHECK(entry.good() == (row != 3 && row != 4 && row != 5));
        CHECK(entry.caption == (entry.good() ? "width " + std::to_string(row + 1) : ""));
    }
    CHECK(sink.entries[3].problem.code == "truncated");
    CHECK(sink.entries[4].problem.code == "empty_caption");
    CHECK(sink.entries[5].problem.code == "repeating_caption");
    CHECK(report.captions == 6);
    CHECK(report.skipped == 3);
    CHECK(report.tokens == 16);
    CHECK(last == 16);
    CHECK_FALSE(report.interrupted);
}

TEST_CASE("a window that was stopped in the middle is not written") {
    PictureSource source(9, 4);
    const NumberReader reader;
    FakeCaptioner captioner;
    Collected sink;
    std::atomic<bool> stop = false;
    const auto report = caption(source, reader, captioner, sink, {},
                                {[&](const CaptionReport& r) { stop = r.tokens > 8; }, &stop});
    CHECK(report.interrupted);
    CHECK(sink.entries.size() == 4);
    CHECK(report.captions + report.skipped == 4);
}

TEST_CASE("a caption repeats itself when it is few tokens over and over") {
    const auto code = [](std::vector<std::int32_t> tokens) {
        const auto problem = caption_problem({"text", std::move(tokens)});
        return problem ? problem->code : "";
    };
    CHECK(code({1, 1, 1, 1, 1, 1, 1, 1}) == "repeating_caption");
    CHECK(code({1, 2, 1, 2, 1, 2, 1, 2, 1}) == "repeating_caption");
    CHECK(code({1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3}) == "repeating_caption");
    CHECK(code({1, 1, 1}).empty());
    CHECK(code({9, 1, 1, 1, 1, 1, 1, 1, 1}).empty());
    CHECK(code({1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}).empty());
}
