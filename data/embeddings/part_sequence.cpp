#include "data/embeddings/part_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_view.hpp"

namespace pmatch {
namespace {

bool before(const InputKey& left, const InputKey& right) {
    return std::pair(left.row, left.ordinal) < std::pair(right.row, right.ordinal);
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
    for (const auto i : order) {
        sorted.keys.push_back(window.keys[i]);
        const auto* vector = window.vectors.data() + i * dim;
        sorted.vectors.insert(sorted.vectors.end(), vector, vector + dim);
    }
    window.keys = std::move(sorted.keys);
    window.vectors = std::move(sorted.vectors);
}

/// NaN stands for "no vector" in the view, so it must never be stored as one.
void set_aside_not_finite(EmbeddedWindow& window, std::size_t dim) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < window.keys.size(); ++i) {
        const auto* vector = window.vectors.data() + i * dim;
        if (!std::all_of(vector, vector + dim, [](float value) { return std::isfinite(value); })) {
            window.skipped.push_back(
                {window.keys[i], {"not_finite", "the model gave a vector that is not finite"}});
            continue;
        }
        if (kept != i) {
            window.keys[kept] = window.keys[i];
            std::copy(vector, vector + dim,
                      window.vectors.begin() + static_cast<std::ptrdiff_t>(kept * dim));
        }
        ++kept;
    }
    window.keys.resize(kept);
    window.vectors.resize(kept * dim);
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
    if (window.vectors.size() != window.keys.size() * dim) {
        throw Error{fmt::format("{} keys came with {} values, expected {} each", window.keys.size(),
                                window.vectors.size(), dim),
                    {},
                    "report this as a fault of pmatch"};
    }
    set_aside_not_finite(window, dim);
    sort_window(window, dim);
    if (window.keys.empty() && window.skipped.empty()) return;
    const auto [first, last] = range_of(window);
    if (writer_ && !before(last_, first)) seal();
    if (!writer_) {
        writer_.emplace(destination_.next_target(), header);
        started_ = Clock::now();
    }
    writer_->add(window.keys, window.vectors);
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
