#include "core/index/twin_vectors.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace pmatch {
namespace {

Hash128 content_of(std::span<const float> vector) {
    return hash128(std::as_bytes(vector));
}

std::span<const float> vector_at(const faiss::IndexHNSW& graph, std::int64_t position) {
    const auto& storage = dynamic_cast<const faiss::IndexFlat&>(*graph.storage);
    const auto width = static_cast<std::size_t>(graph.d);
    return {storage.get_xb() + static_cast<std::size_t>(position) * width, width};
}

bool is_linked(const faiss::IndexHNSW& graph, std::int64_t position) {
    const auto& hnsw = graph.hnsw;
    if (position == hnsw.entry_point) return true;
    const auto first = hnsw.offsets[static_cast<std::size_t>(position)];
    return hnsw.neighbors[first] >= 0;
}

/// A node on the lowest level, without links: no search comes there.
void add_unlinked(faiss::IndexHNSW& graph, std::span<const float> vector) {
    graph.storage->add(1, vector.data());
    graph.hnsw.levels.push_back(1);
    graph.hnsw.prepare_level_tab(1, true);
    graph.ntotal = graph.storage->ntotal;
}

}  // namespace

std::size_t TwinVectors::HashOfHash::operator()(const Hash128& content) const {
    std::size_t value = 0;
    std::memcpy(&value, content.bytes.data(), sizeof value);
    return value;
}

void TwinVectors::remember(const faiss::IndexHNSW& graph) {
    for (; remembered_ < graph.ntotal; ++remembered_)
        contents_.insert(content_of(vector_at(graph, remembered_)));
}

void TwinVectors::add(faiss::IndexHNSW& graph, std::span<const float> vectors) {
    remember(graph);
    const auto width = static_cast<std::size_t>(graph.d);
    auto run = vectors.first(0);  // of vectors that differ from all before
    const auto link_run = [&] {
        const auto count = static_cast<std::int64_t>(run.size() / width);
        if (count > 0) graph.add(count, run.data());
    };
    for (std::size_t at = 0; at < vectors.size(); at += width) {
        const auto vector = vectors.subspan(at, width);
        if (contents_.insert(content_of(vector)).second) {
            run = vectors.subspan(at - run.size(), run.size() + width);
            continue;
        }
        link_run();
        add_unlinked(graph, vector);
        run = vectors.subspan(at + width, 0);
    }
    link_run();
    remembered_ = graph.ntotal;
}

void TwinVectors::locate(const faiss::IndexHNSW& graph) {
    of_linked_.clear();
    std::map<Hash128, std::vector<std::int64_t>> twins;
    for (std::int64_t at = 0; at < graph.ntotal; ++at) {
        if (!is_linked(graph, at)) twins[content_of(vector_at(graph, at))].push_back(at);
    }
    if (twins.empty()) return;
    for (std::int64_t at = 0; at < graph.ntotal; ++at) {
        if (!is_linked(graph, at)) continue;
        const auto found = twins.find(content_of(vector_at(graph, at)));
        if (found == twins.end()) continue;
        of_linked_.emplace(at, std::move(found->second));
        twins.erase(found);
    }
}

std::span<const std::int64_t> TwinVectors::of(std::int64_t linked) const {
    const auto found = of_linked_.find(linked);
    if (found == of_linked_.end()) return {};
    return found->second;
}

std::vector<std::uint8_t> TwinVectors::with_linked(std::span<const std::uint8_t> allowed) const {
    std::vector<std::uint8_t> bits(allowed.begin(), allowed.end());
    for (const auto& [linked, twins] : of_linked_) {
        const bool any = std::any_of(twins.begin(), twins.end(), [&](std::int64_t twin) {
            const auto at = static_cast<std::size_t>(twin);
            return ((allowed[at / 8] >> (at % 8)) & 1U) != 0;
        });
        const auto at = static_cast<std::size_t>(linked);
        if (any) bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | (1U << (at % 8)));
    }
    return bits;
}

}  // namespace pmatch
