#include "core/pipeline/failing_inputs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <iterator>
#include <string_view>
#include <utility>

#include "core/common/input_failure.hpp"
#include "core/threads/cpu_slots.hpp"

namespace pmatch {
namespace {

/// Short, as a module may fail on what is long, and of tokens that every tokenizer has.
constexpr std::string_view kPlainText = "a 1";

/// Not of one colour, which a normalisation might divide by.
Image plain_picture() {
    constexpr int kSide = 64;
    Image image{kSide, kSide, {}};
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            for (const int value : {2 * x, 2 * y, x + y})
                image.rgb.push_back(static_cast<std::uint8_t>(64 + value));
        }
    }
    return image;
}

/// An input that every encoder of its kind takes.
Prepared prepare_plain(const Encoder& encoder, bool picture) {
    return picture ? encoder.prepare(plain_picture())
                   : encoder.prepare(kPlainText, TextRole::kDocument);
}

class BatchRun {
public:
    BatchRun(std::size_t count, const BatchSteps& steps) : steps_(steps), problems_(count) {}

    std::vector<Problem> run() && {
        if (!problems_.empty()) run(0, problems_.size());
        return std::move(problems_);
    }

private:
    void run(std::size_t begin, std::size_t end) {
        try {
            steps_.run(begin, end);
            return;
        } catch (...) {
            auto problem = problem_of_input(steps_.code);
            if (!plain_works()) throw;
            if (end - begin == 1) {
                problems_[begin] = std::move(problem);
                return;
            }
        }
        const auto middle = begin + (end - begin) / 2;
        run(begin, middle);
        run(middle, end);
    }

    /// Tried once for a batch: a module that fails on anything is found at the first failure.
    bool plain_works() {
        if (!works_) works_ = !attempt(steps_.code, steps_.plain);
        return *works_;
    }

    const BatchSteps& steps_;
    std::vector<Problem> problems_;
    std::optional<bool> works_;
};

}  // namespace

std::variant<Image, Problem> read_picture(const PictureReader& reader,
                                          const std::filesystem::path& file,
                                          const std::optional<Hash128>& expected) {
    try {
        return reader.read(file, expected);
    } catch (...) {
        return problem_of_input("unreadable");
    }
}

std::variant<Prepared, Problem> prepare_text(const Encoder& encoder, std::string_view text,
                                             TextRole role) {
    try {
        const CpuSlots slot;
        auto prepared = encoder.prepare(text, role);
        if (prepared.nothing) return no_tokens();
        return prepared;
    } catch (...) {
        return problem_of_input(kNotPrepared);
    }
}

std::variant<Prepared, Problem> prepare_picture(const Encoder& encoder, const PictureReader& reader,
                                                const std::filesystem::path& file,
                                                const std::optional<Hash128>& expected) {
    auto read = read_picture(reader, file, expected);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    try {
        const CpuSlots slot;  // only now: the reader takes a slot, too
        return encoder.prepare(std::get<Image>(read));
    } catch (...) {
        return problem_of_input(kNotPrepared);
    }
}

std::vector<Problem> run_batch(std::size_t count, const BatchSteps& steps) {
    return BatchRun(count, steps).run();
}

std::vector<Problem> encode_batch(const Encoder& encoder, bool pictures, const EncodeCall& encode,
                                  std::span<const Prepared* const> batch,
                                  std::span<float> vectors) {
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    BatchSteps steps;
    steps.code = kNotEncoded;
    steps.run = [&](std::size_t begin, std::size_t end) {
        encode(batch.subspan(begin, end - begin),
               vectors.subspan(begin * dim, (end - begin) * dim));
    };
    steps.plain = [&] {
        const auto plain = prepare_plain(encoder, pictures);
        std::vector<float> vector(dim);
        encode(std::array{&plain}, vector);
    };
    return run_batch(batch.size(), steps);
}

std::vector<Problem> encode_rows_batch(
    Encoder& encoder, bool pictures, std::span<const Prepared* const> batch,
    const std::function<void(std::size_t input, std::span<const float> values)>& take) {
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    BatchSteps steps;
    steps.code = kNotEncoded;
    steps.run = [&](std::size_t begin, std::size_t end) {
        const auto rows = encoder.encode_rows(batch.subspan(begin, end - begin));
        for (std::size_t i = 0; i < end - begin; ++i) {
            take(begin + i, std::span(rows.values)
                                .subspan(rows.begin(i) * dim, (rows.end(i) - rows.begin(i)) * dim));
        }
    };
    steps.plain = [&] {
        const auto plain = prepare_plain(encoder, pictures);
        encoder.encode_rows(std::array<const Prepared*, 1>{&plain});
    };
    return run_batch(batch.size(), steps);
}

CaptionBatch caption_batch(Captioner& captioner, std::span<const PreparedPicture* const> pictures,
                           const Captioner::Progress& progress) {
    CaptionBatch result;
    result.captions.resize(pictures.size());
    std::size_t before_pictures = 0;  // those of the calls that are done
    std::size_t before_tokens = 0;
    bool stopped = false;
    BatchSteps steps;
    steps.code = kNotCaptioned;
    steps.run = [&](std::size_t begin, std::size_t end) {
        if (stopped) return;
        std::size_t done_tokens = 0;
        auto captions = captioner.caption(
            pictures.subspan(begin, end - begin), [&](std::size_t done, std::size_t tokens) {
                done_tokens = tokens;
                stopped = progress && !progress(before_pictures + done, before_tokens + tokens);
                return !stopped;
            });
        std::move(captions.begin(), captions.end(),
                  result.captions.begin() + static_cast<std::ptrdiff_t>(begin));
        before_pictures += end - begin;
        before_tokens += done_tokens;
    };
    steps.plain = [&] {
        const auto plain = captioner.prepare(plain_picture());
        captioner.caption(std::array<const PreparedPicture*, 1>{&plain}, {});
    };
    result.problems = run_batch(pictures.size(), steps);
    return result;
}

}  // namespace pmatch
