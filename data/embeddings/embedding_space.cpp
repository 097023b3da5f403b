#include "data/embeddings/embedding_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/embeddings/vector_batch_reader.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "data/items/refused_ledger.hpp"

namespace pmatch {
namespace {

/// Removes all parts from `space`, or only those that cannot be read.
std::vector<std::string> drop_parts(const Collection& collection, Manifest& next,
                                    SpaceRecord& space, bool all) {
    std::vector<std::string> damaged;
    std::erase_if(space.parts, [&](const PartRecord& part) {
        const bool whole = collection.is_whole(part.file);
        if (whole && !all) return false;
        if (!whole) damaged.push_back(part.file);
        next.files.erase(part.file);
        return true;
    });
    return damaged;
}

}  // namespace

void check_same_encoder(const Collection& collection, const std::string& name,
                        const SpaceRecord& known, const SpaceRecord& wanted) {
    const auto where = collection.directory().string();
    if (known.source != wanted.source) {
        throw Error{fmt::format("space '{}' holds vectors of '{}', not of '{}'", name,
                                known.source.name(), wanted.source.name()),
                    where, "name another space with `--space NAME`"};
    }
    if (known.fingerprint != wanted.fingerprint && known.model == wanted.model &&
        known.precision != wanted.precision) {
        throw Error{fmt::format("space '{}' was embedded in {} (fingerprint {}), this is {} "
                                "(fingerprint {})",
                                name, known.precision, known.fingerprint, wanted.precision,
                                wanted.fingerprint),
                    where,
                    fmt::format("go on with `--precision {}`, name a second space with `--space "
                                "NAME`, or give `--replace` to embed this one anew",
                                known.precision)};
    }
    if (known.long_texts != wanted.long_texts) {
        const auto word = [](const SpaceRecord& space) {
            return space.long_texts == LongTexts::kMean ? "mean" : "cut";
        };
        throw Error{fmt::format("space '{}' was embedded with --long {}, this is --long {}", name,
                                word(known), word(wanted)),
                    where,
                    fmt::format("go on with `--long {}`, name a second space with `--space NAME`, "
                                "or give `--replace` to embed this one anew",
                                word(known))};
    }
    if (known.fingerprint != wanted.fingerprint || known.dim != wanted.dim) {
        throw Error{
            fmt::format("space '{}' was made by {} (fingerprint {}), this is {} (fingerprint {})",
                        name, known.model, known.fingerprint, wanted.model, wanted.fingerprint),
            where,
            "name a second space with `--space NAME`, or give `--replace` to embed this one anew"};
    }
}

std::vector<std::string> begin_space(Collection& collection, const std::string& name,
                                     const SpaceRecord& record, bool replace) {
    check_space_name(name);
    // Reports a wrong field before anything is written.
    (void)Items(collection).inputs(record.source);
    auto next = collection.manifest();
    const auto known = next.spaces.find(name);
    if (known == next.spaces.end()) {
        auto& space = next.spaces[name] = record;
        space.parts.clear();
        space.live = 0;
        space.stamp.clear();
        space.next_part = 1;
        collection.commit(std::move(next));
        return {};
    }
    auto& space = known->second;
    const bool same = space.fingerprint == record.fingerprint && space.dim == record.dim &&
                      space.source == record.source;
    // A run that failed before its first vector does not reserve the name.
    if (!replace && !space.parts.empty()) check_same_encoder(collection, name, space, record);
    auto damaged = drop_parts(collection, next, space, replace);
    if (same && !replace && damaged.empty() && space.package == record.package) return damaged;
    const auto next_part = space.next_part;
    auto parts = std::move(space.parts);
    space = record;
    space.parts = std::move(parts);
    space.next_part = next_part;
    // The view must not refer to files that this commit removes.
    const auto view = stage_view(collection, next, name);
    collection.commit(std::move(next), {view});
    return damaged;
}

void check_indexable(const Collection& collection, const std::string& space) {
    const auto& record = collection.space(space);
    if (record.indexable()) return;
    throw Error{fmt::format("space '{}' has any number of vectors per picture ({}), and an index "
                            "wants one",
                            space, record.model),
                collection.directory().string(),
                fmt::format("it needs no index: a preset compares it with \"verify\": {{\"space\": "
                            "\"{}\"}}",
                            space)};
}

void for_each_live_block(
    const Collection& collection, const std::string& space,
    const std::function<void(std::span<const InputKey>, std::span<const float>)>& take,
    const std::function<bool(const InputKey&)>& wanted) {
    check_indexable(collection, space);
    for_each_vector_block(
        collection, space, [&](const VectorBlock& block) { take(block.keys, block.vectors); },
        wanted);
}

void for_each_vector_block(const Collection& collection, const std::string& space,
                           const std::function<void(const VectorBlock&)>& take,
                           const std::function<bool(const InputKey&)>& wanted) {
    const auto dim = collection.space(space).dim;
    LiveScan scan(collection, collection.manifest(), space);
    VectorGather gather(dim, take);
    while (scan.next()) {
        if (scan.state() != LiveScan::State::kDone) continue;
        if (wanted && !wanted(scan.input().key())) continue;
        gather.add(scan.input().key(), scan.reader(), scan.position());
    }
    gather.flush();
}

namespace {

void add_captions_ledger(const Collection& collection, const Items& items,
                         std::vector<Skipped>& skipped) {
    for (const auto& [name, record] : collection.manifest().captions) {
        const auto captions = Source::captions(name);
        for (const auto& entry :
             live_among(items.inputs(Source::pictures()),
                        read_captions(*collection.files(), collection.manifest(), captions))) {
            if (entry.good()) continue;
            skipped.push_back({items.id_of(entry.key.row), captions.name(), entry.problem.code,
                               entry.problem.detail});
        }
    }
}

}  // namespace

std::vector<Skipped> ledger(const Collection& collection) {
    const Items items(collection);
    auto result = items.ledger();
    for (auto& refused : refused_ledger(collection))
        result.push_back(std::move(refused));
    add_captions_ledger(collection, items, result);
    for (const auto& [name, space] : collection.manifest().spaces) {
        const bool any = std::any_of(space.parts.begin(), space.parts.end(),
                                     [](const auto& part) { return part.skipped > 0; });
        if (!any) continue;
        LiveScan scan(collection, collection.manifest(), name);
        while (scan.next()) {
            if (scan.state() != LiveScan::State::kSkipped) continue;
            result.push_back({items.id_of(scan.input().key().row), "embed " + name,
                              scan.problem().code, scan.problem().detail});
        }
    }
    return result;
}

}  // namespace pmatch
