#include "models/encoder/package_encoder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/vector_norm.hpp"
#include "core/threads/cpu_slots.hpp"
#include "models/encoder/long_text_fingerprint.hpp"
#include "models/encoder/text_windows.hpp"
#include "models/runtime/module.hpp"
#include "models/runtime/pass_loop.hpp"
#include "models/runtime/pass_thread.hpp"

namespace pmatch {

PackageEncoder::PackageEncoder(const Package& package, const Device& device, Precision precision,
                               int threads, const LoadOptions& options)
    : threads_(threads), note_(options.note) {
    check_precision(precision, device);
    info_.name = package.name;
    info_.package = package.directory.string();
    info_.precision = name_of(precision);
    info_.long_texts = options.long_texts;
    info_.fingerprint = fingerprint_with(package, info_.precision, info_.long_texts);
    info_.device = device.name();
    info_.dim = package.dim;
    info_.normalized = package.normalized;
    // Loading has parallel loops, too.
    run_on_pass_thread([&] {
        set_threads_of_a_pass(threads);
        if (package.image) image_.emplace(package, device, precision);
        if (package.text) text_.emplace(package, device, precision, info_.long_texts);
    });
    if (package.text) info_.max_tokens = package.text->max_tokens;
    info_.images = image_.has_value();
    info_.texts = text_.has_value();
    // A GPU runs one pass after the other.
    if (!device.cuda() && threads > 1) {
        workers_.emplace(threads, [] { set_threads_of_a_pass(1); });
    }
}

Prepared PackageEncoder::prepare(const Image& image) const {
    if (!image_) throw no_tower("pictures");
    Prepared prepared;
    prepared.pixels = image_->pixels(image);
    return prepared;
}

Prepared PackageEncoder::prepare(std::string_view text, TextRole role) const {
    if (!text_) throw no_tower("texts");
    return text_->prepare(text, role);
}

void PackageEncoder::encode(std::span<const Prepared* const> batch, std::span<float> vectors) {
    if (batch.empty()) return;
    const auto wanted = batch.size() * static_cast<std::size_t>(info_.dim);
    if (vectors.size() != wanted) {
        throw Error{
            fmt::format("there is room for {} floats, the vectors have {}", vectors.size(), wanted),
            {},
            "give batch size x dimension floats"};
    }
    if (batch.front()->pixels.empty()) {
        if (!text_) throw no_tower("texts");
        encode_texts(batch, vectors);
    } else {
        if (!image_) throw no_tower("pictures");
        encode_with(*image_, batch, vectors);
    }
    check_vectors(vectors);
}

void PackageEncoder::encode_texts(std::span<const Prepared* const> batch,
                                  std::span<float> vectors) {
    const TextWindows windows(batch);
    if (!windows.any()) return encode_with(*text_, batch, vectors);
    std::vector<float> each(windows.inputs().size() * static_cast<std::size_t>(info_.dim));
    encode_with(*text_, windows.inputs(), each);
    windows.pool(each, vectors, info_.normalized);
}

template <typename Tower>
void PackageEncoder::encode_with(const Tower& tower, std::span<const Prepared* const> batch,
                                 std::span<float> vectors) {
    if (workers_ && tower.end_of_pass(batch, 0, halvings_) < batch.size()) {
        encode_on_workers(tower, batch, vectors);
        return;
    }
    if (info_.device != "cpu") return encode_in_order(tower, batch, vectors);
    const CpuSlots slots(threads_);
    if (threads_ == 1) return encode_in_order(tower, batch, vectors);
    run_on_pass_thread([&] { encode_in_order(tower, batch, vectors); });
}

template <typename Tower>
void PackageEncoder::encode_in_order(const Tower& tower, std::span<const Prepared* const> batch,
                                     std::span<float> vectors) {
    set_threads_of_a_pass(threads_);  // torch stores the number per calling thread
    const auto dim = static_cast<std::size_t>(info_.dim);
    PassSteps<std::unique_ptr<Pass>> steps;
    steps.end = [&](std::size_t begin, int halvings) {
        return tower.end_of_pass(batch, begin, halvings);
    };
    steps.start = [&](std::size_t begin, std::size_t end) {
        return tower.start(batch.subspan(begin, end - begin), dim);
    };
    steps.finish = [&](const std::unique_ptr<Pass>& pass, std::size_t begin, std::size_t end) {
        tower.module().finish(*pass, vectors.subspan(begin * dim, (end - begin) * dim));
    };
    steps.halved = [&](std::size_t count, int halvings) {
        tower.module().free_unused_memory();
        if (!note_) return;
        note_(
            fmt::format("{} has no memory for {} inputs of {} at a time; going on with passes of "
                        "1/{} the size",
                        info_.device, count, info_.name, 1U << static_cast<unsigned>(halvings)));
    };
    run_passes(batch.size(), halvings_, steps);
}

template <typename Tower>
void PackageEncoder::encode_on_workers(const Tower& tower, std::span<const Prepared* const> batch,
                                       std::span<float> vectors) {
    std::vector<std::size_t> ends;
    for (std::size_t end = 0; end < batch.size();) {
        end = tower.end_of_pass(batch, end, halvings_);
        ends.push_back(end);
    }
    const auto dim = static_cast<std::size_t>(info_.dim);
    workers_->run(ends.size(), [&](std::size_t i) {
        const CpuSlots slot;
        const auto begin = i == 0 ? 0 : ends[i - 1];
        auto pass = tower.start(batch.subspan(begin, ends[i] - begin), dim);
        tower.module().finish(*pass, vectors.subspan(begin * dim, (ends[i] - begin) * dim));
    });
}

Error PackageEncoder::no_tower(std::string_view kind) const {
    return {fmt::format("the model '{}' takes no {}", info_.name, kind), info_.package,
            fmt::format("use a model package that embeds {}", kind)};
}

/// A failed computation must not be stored as a vector.
void PackageEncoder::check_vectors(std::span<const float> vectors) const {
    const auto dim = static_cast<std::size_t>(info_.dim);
    const auto refuse = [&](const std::string& what) {
        throw Error{fmt::format("the model '{}' returned {} (precision {})", info_.name, what,
                                info_.precision),
                    info_.package,
                    info_.precision == "fp32"
                        ? "export the package again with scripts/export_model.py"
                        : "use --precision fp32"};
    };
    for (std::size_t at = 0; at < vectors.size(); at += dim) {
        const double length = vector_length(vectors.subspan(at, dim));
        if (!std::isfinite(length)) refuse("values that are not finite");
        if (info_.normalized && !is_unit_length(length, info_.precision)) {
            refuse(fmt::format("a vector of length {:.6f}, its model.json promises 1", length));
        }
    }
}

}  // namespace pmatch
