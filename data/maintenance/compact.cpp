#include "data/maintenance/compact.hpp"

#include <numeric>
#include <utility>

#include "data/captions/caption_store.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/pending_inputs.hpp"

namespace pmatch {
namespace {

std::int64_t bytes_of(const Manifest& manifest, const std::vector<PartRecord>& parts) {
    std::int64_t bytes = 0;
    for (const auto& part : parts)
        bytes += static_cast<std::int64_t>(manifest.files.at(part.file).size);
    return bytes;
}

std::int64_t entries_of(const std::vector<PartRecord>& parts) {
    return std::accumulate(
        parts.begin(), parts.end(), std::int64_t{0},
        [](std::int64_t sum, const PartRecord& part) { return sum + part.rows + part.skipped; });
}

void measure(Compacted& result, const Manifest& before, const std::vector<PartRecord>& old_parts,
             const Manifest& after, const std::vector<PartRecord>& new_parts) {
    result.parts_before = static_cast<std::int64_t>(old_parts.size());
    result.parts_after = static_cast<std::int64_t>(new_parts.size());
    result.dropped = entries_of(old_parts) - entries_of(new_parts);
    result.bytes_before = bytes_of(before, old_parts);
    result.bytes_after = bytes_of(after, new_parts);
}

/// Whether the number of parts is minimal and nothing in them is dead.
bool is_compact(const Collection& collection, const std::string& name) {
    const auto& parts = collection.space(name).parts;
    const auto entries = entries_of(parts);
    const auto counts = count_pending(collection, name, {});
    const auto fewest = (entries + kFullPart - 1) / kFullPart;
    return counts.done + counts.skipped == entries &&
           static_cast<std::int64_t>(parts.size()) == fewest;
}

Compacted compact_space(Collection& collection, const std::string& name) {
    Compacted result;
    result.what = "space " + name;
    const auto before = collection.manifest();
    const auto old_parts = before.spaces.at(name).parts;
    if (is_compact(collection, name)) {
        measure(result, before, old_parts, before, old_parts);
        return result;
    }
    auto next = before;
    std::vector<std::size_t> all(old_parts.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    rewrite_parts(collection, next, name, all);
    const auto view = stage_view(collection, next, name);
    measure(result, before, old_parts, next, next.spaces.at(name).parts);
    collection.commit(std::move(next), {view});
    result.changed = true;
    return result;
}

Compacted compact_captions(Collection& collection, const Source& captions) {
    Compacted result;
    const auto name = captions.caption_name();
    result.what = captions == Source::captions() ? "captions" : "captions " + name;
    const auto before = collection.manifest();
    auto next = before;
    result.changed = merge_captions(collection, next, captions);
    measure(result, before, before.captions.at(name).parts, next, next.captions.at(name).parts);
    if (result.changed) collection.commit(std::move(next));
    return result;
}

}  // namespace

std::vector<Compacted> compact(Collection& collection) {
    std::vector<Compacted> results;
    const auto spaces = collection.manifest().spaces;
    for (const auto& [name, ignored] : spaces)
        results.push_back(compact_space(collection, name));
    const auto captions = collection.manifest().captions;
    for (const auto& [name, ignored] : captions)
        results.push_back(compact_captions(collection, Source::captions(name)));
    return results;
}

}  // namespace pmatch
