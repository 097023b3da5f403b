#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "data/collection_files.hpp"
#include "data/embedding_part.hpp"
#include "data/embedding_space.hpp"
#include "data/embedding_view.hpp"

namespace pmatch {
namespace {

using Clock = std::chrono::steady_clock;

bool before(const VectorKey& left, const VectorKey& right) {
    return std::pair(left.row, left.ordinal) < std::pair(right.row, right.ordinal);
}

/// Parts are in ascending key order, whatever order the encoder worked in.
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

}  // namespace

struct SpaceWriter::State {
    Collection& collection;
    std::string name;
    SpaceWriterOptions options;
    std::optional<PartWriter> writer;
    std::string file;
    Clock::time_point started;
    /// Of the last entry in the open part.
    VectorKey last;

    const SpaceRecord& record() const { return collection.space(name); }

    void open_part() {
        file = part_file(name, record().next_part);
        const auto target = collection.directory() / file;
        make_directories(target.parent_path());
        PartHeader header;
        header.model = record().model;
        header.fingerprint = record().fingerprint;
        header.precision = record().precision;
        header.dim = record().dim;
        header.command = options.command;
        writer.emplace(target, header);
        started = Clock::now();
    }

    void seal() {
        if (!writer) return;
        auto next = collection.manifest();
        next.files[file] = writer->publish();
        auto& space = next.spaces.at(name);
        space.parts.push_back(
            {file, writer->rows(), writer->skipped(), writer->first_row(), writer->last_row()});
        ++space.next_part;
        space.stamp.clear();
        writer.reset();
        collection.commit(std::move(next));
    }

    bool has_view() const {
        const auto& files = collection.manifest().files;
        const auto view = files.find(view_file(name));
        if (view == files.end()) return false;
        try {
            verify_file(collection.directory() / view->first, view->second, {});
            return true;
        } catch (const SystemError&) {
            throw;
        } catch (const Error&) {
            return false;
        }
    }
};

SpaceWriter::SpaceWriter(Collection& collection, std::string space, SpaceWriterOptions options)
    : state_(new State{collection, std::move(space), std::move(options), {}, {}, {}, {}}) {
    (void)state_->record();
}

SpaceWriter::~SpaceWriter() = default;

void SpaceWriter::append(EmbeddedWindow window) {
    auto& state = *state_;
    const auto dim = static_cast<std::size_t>(state.record().dim);
    if (window.vectors.size() != window.keys.size() * dim) {
        throw Error{fmt::format("{} keys came with {} values, expected {} each", window.keys.size(),
                                window.vectors.size(), dim),
                    state.collection.directory().string(), "report this as a fault of pmatch"};
    }
    set_aside_not_finite(window, dim);
    sort_window(window, dim);
    if (window.keys.empty() && window.skipped.empty()) return;
    auto first = window.keys.empty() ? window.skipped.front().key : window.keys.front();
    auto last = window.keys.empty() ? window.skipped.back().key : window.keys.back();
    if (!window.skipped.empty()) {
        if (before(window.skipped.front().key, first)) first = window.skipped.front().key;
        if (before(last, window.skipped.back().key)) last = window.skipped.back().key;
    }
    if (state.writer && !before(state.last, first)) state.seal();
    if (!state.writer) state.open_part();
    state.writer->add(window.keys, window.vectors);
    state.writer->add(window.skipped);
    state.last = last;
    const bool full = state.writer->rows() + state.writer->skipped() >= kFullPart;
    const std::chrono::duration<double> worked = Clock::now() - state.started;
    if (full || worked.count() >= state.options.checkpoint) state.seal();
}

void SpaceWriter::finish() {
    auto& state = *state_;
    state.seal();
    auto next = state.collection.manifest();
    const auto& parts = next.spaces.at(state.name).parts;
    std::vector<std::size_t> small;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].rows + parts[i].skipped < kFullPart) small.push_back(i);
    }
    if (small.size() > 1) {
        rewrite_parts(state.collection, next, state.name, small);
    } else if (!state.record().stamp.empty() && state.has_view()) {
        return;
    }
    const auto view = stage_view(state.collection, next, state.name);
    state.collection.commit(std::move(next), {view});
}

}  // namespace pmatch
