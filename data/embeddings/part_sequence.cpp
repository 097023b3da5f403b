#include "data/embeddings/part_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_view.hpp"

namespace pmatch {
namespace {

bool before(const InputKey& left, const InputKey& right) {
    return std::pair(left.row, left.ordinal) < std::pair(right.row, right.ordinal);
}

/// The vectors of the window's input `i`.
std::span<const float> vectors_of(const EmbeddedWindow& window, std::size_t i, std::size_t dim) {
    const bool one = window.ends.empty();
    const auto begin = one ? i : (i == 0 ? 0 : window.ends[i - 1]);
    const auto end = one ? i + 1 : window.ends[i];
    return std::span(window.vectors).subspan(begin * dim, (end - begin) * dim);
}

/// Moves the window's input `i` to the end of another.
void take_input(const EmbeddedWindow& window, std::size_t i, std::size_t dim, EmbeddedWindow& to) {
    const auto vectors = vectors_of(window, i, dim);
    to.keys.push_back(window.keys[i]);
    to.vectors.insert(to.vectors.end(), vectors.begin(), vectors.end());
    if (!window.ends.empty()) to.ends.push_back(to.vectors.size() / dim);
}

/// Sorts by key, as required in parts, whatever order the encoder worked in.
void sort_window(EmbeddedWindow& window, std::size_t dim) {
    std::sort(window.skipped.begin(), window.skipped.end(),
              [](const auto& a, const auto& b) { return before(a.key, b.key); });
    if (std::is_sorted(window.keys.begin(), window.keys.end(), before)) return;
    std::vector<std::size_t> order(window.keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return before(window.keys[a], window.keys[b]); });
    EmbeddedWindow sorted;
    for (const auto i : order)
        take_input(window, i, dim, sorted);
    sorted.skipped = std::move(window.skipped);
    window = std::move(sorted);
}

/// NaN stands for "no vector" in the view, so it must never be stored as one.
void set_aside_not_finite(EmbeddedWindow& window, std::size_t dim) {
    const auto finite = [](float value) { return std::isfinite(value); };
    if (std::all_of(window.vectors.begin(), window.vectors.end(), finite)) return;
    EmbeddedWindow kept;
    kept.skipped = std::move(window.skipped);
    for (std::size_t i = 0; i < window.keys.size(); ++i) {
        const auto vectors = vectors_of(window, i, dim);
        if (std::all_of(vectors.begin(), vectors.end(), finite)) {
            take_input(window, i, dim, kept);
        } else {
            kept.skipped.push_back(
                {window.keys[i], {"not_finite", "the model gave a vector that is not finite"}});
        }
    }
    window = std::move(kept);
}

/// The window has vectors for every key, and as many as the space keeps of each.
void check_window(const EmbeddedWindow& window, const PartHeader& header) {
    const auto dim = static_cast<std::size_t>(header.dim);
    const auto vectors = !header.ragged()      ? window.keys.size()
                         : window.ends.empty() ? 0
                                               : window.ends.back();
    const bool fits = window.ends.size() == (header.ragged() ? window.keys.size() : 0) &&
                      std::is_sorted(window.ends.begin(), window.ends.end());
    if (fits && window.vectors.size() == vectors * dim) return;
    throw Error{fmt::format("{} keys came with {} values and {} ends, expected {} values a vector",
                            window.keys.size(), window.vectors.size(), window.ends.size(), dim),
                {},
                "report this as a fault of pmatch"};
}

/// Smallest and largest key of the window, including skipped inputs.
std::pair<InputKey, InputKey> range_of(const EmbeddedWindow& window) {
    auto first = window.keys.empty() ? window.skipped.front().key : window.keys.front();
    auto last = window.keys.empty() ? window.skipped.back().key : window.keys.back();
    if (window.skipped.empty()) return {first, last};
    if (before(window.skipped.front().key, first)) first = window.skipped.front().key;
    if (before(last, window.skipped.back().key)) last = window.skipped.back().key;
    return {first, last};
}

}  // namespace

void PartSequence::append(EmbeddedWindow window) {
    const auto header = destination_.header();
    const auto dim = static_cast<std::size_t>(header.dim);
    check_window(window, header);
    set_aside_not_finite(window, dim);
    sort_window(window, dim);
    if (window.keys.empty() && window.skipped.empty()) return;
    const auto [first, last] = range_of(window);
    if (writer_ && !before(last_, first)) seal();
    if (!writer_) {
        writer_.emplace(destination_.next_target(), header);
        started_ = Clock::now();
    }
    writer_->add(window.keys, window.vectors, window.ends);
    writer_->add(window.skipped);
    last_ = last;
    const bool full = writer_->rows() + writer_->skipped() >= kFullPart;
    const std::chrono::duration<double> worked = Clock::now() - started_;
    if (full || worked.count() >= checkpoint_) seal();
}

void PartSequence::seal() {
    if (!writer_) return;
    const auto file = writer_->publish();
    PartRecord part{
        {}, writer_->rows(), writer_->skipped(), writer_->first_row(), writer_->last_row()};
    writer_.reset();
    destination_.sealed(std::move(part), file);
}

}  // namespace pmatch
