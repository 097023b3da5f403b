#include "cli/engine/collection_query_vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "cli/indexing/space_coverage.hpp"
#include "core/common/stopwatch.hpp"
#include "core/index/index_builder.hpp"
#include "core/index/neighbour_blending.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kBlock = 4096;

SpaceVectors read_vectors(const Collection& collection, const std::string& space,
                          const LeftOutPictures& left_out) {
    SpaceVectors vectors;
    vectors.dim = collection.manifest().spaces.at(space).dim;
    vectors.bare_rows = left_out.bare_rows;
    std::function<bool(const InputKey&)> wanted;
    if (!left_out.empty()) wanted = [&](const InputKey& key) { return !left_out.contains(key); };
    for_each_live_block(
        collection, space,
        [&](std::span<const InputKey> keys, std::span<const float> values) {
            for (const auto& key : keys)
                vectors.rows.push_back(key.row);
            vectors.values.insert(vectors.values.end(), values.begin(), values.end());
        },
        wanted);
    return vectors;
}

Index flat_index(const SpaceVectors& vectors) {
    IndexOptions options;
    options.layout = "Flat";
    IndexBuilder builder(vectors.dim, options, static_cast<std::int64_t>(vectors.rows.size()));
    builder.add(vectors.rows, vectors.values);
    return builder.finish();
}

/// Blends every vector of `pool` with its neighbours in it.
std::vector<float> blended(std::span<const float> pool, int dim, float at_least, int neighbours) {
    IndexOptions flat;
    flat.layout = "Flat";
    const auto index = Index::build(pool, dim, flat);
    const int wanted = neighbours + 1;  // including the vector itself
    if (index.can_search_self(wanted))
        return blend(pool, dim, 0, index.search_all_pairs(wanted), at_least);
    std::vector<float> result;
    result.reserve(pool.size());
    const auto width = static_cast<std::size_t>(dim);
    const auto count = pool.size() / width;
    for (std::size_t first = 0; first < count; first += kBlock) {
        const auto size = std::min(kBlock, count - first);
        const auto block = pool.subspan(first * width, size * width);
        const auto near = index.search_batch(block, size, wanted);
        const auto part = blend(pool, dim, first, near, at_least);
        result.insert(result.end(), part.begin(), part.end());
    }
    return result;
}

}  // namespace

CollectionQueryVectors::CollectionQueryVectors(const Collection& left, const Collection& right,
                                               ComparisonOptions options, const ModelOpener& models,
                                               const Execution& execution)
    : left_(left),
      right_(right),
      blend_(std::move(options.blend)),
      shared_(options.shared),
      models_(models),
      execution_(execution) {}

/// The space with the same fingerprint; of several the one of the same name. Otherwise a space of
/// the same name that differs only in precision, if that is harmless.
std::string CollectionQueryVectors::left_space(const std::string& space) const {
    const auto& wanted = right_.manifest().spaces.at(space);
    const auto& spaces = left_.manifest().spaces;
    const auto fits = [&](const SpaceRecord& record) {
        return record.fingerprint == wanted.fingerprint &&
               record.source.is_picture() == wanted.source.is_picture();
    };
    const auto same_name = spaces.find(space);
    if (same_name != spaces.end() && fits(same_name->second)) return space;
    for (const auto& [name, record] : spaces) {
        if (record.source == wanted.source && fits(record)) return name;
    }
    const auto left = left_.directory().string();
    if (same_name != spaces.end() && same_name->second.source == wanted.source &&
        models_.differ_harmlessly(same_name->second, wanted)) {
        execution_.observer.note(fmt::format(
            "match: space {}: {} was embedded in {}, {} in {}; they are compared, because their "
            "package records that both answer as fp32 does",
            space, left, same_name->second.precision, right_.directory().string(),
            wanted.precision));
        return space;
    }
    auto command = embed_command(left, space, wanted);
    if (same_name == spaces.end()) {
        throw Error{
            fmt::format("{} has a space '{}' of {} (fingerprint {:.12}), {} has no vectors "
                        "by this model",
                        right_.directory().string(), space, wanted.model, wanted.fingerprint, left),
            left, command};
    }
    command.arguments.emplace_back("--replace");
    throw Error{fmt::format("space '{}' was embedded with {} in {} (fingerprint {:.12}) in {} and "
                            "with {} in {} (fingerprint {:.12}) in {}",
                            space, wanted.model, wanted.precision, wanted.fingerprint,
                            right_.directory().string(), same_name->second.model,
                            same_name->second.precision, same_name->second.fingerprint, left),
                left, command};
}

CollectionQueryVectors::Space& CollectionQueryVectors::load(const std::string& name) {
    const auto found = spaces_.find(name);
    if (found != spaces_.end()) return found->second;
    auto& space = spaces_[name];
    const auto left_name = left_space(name);
    space.left = read_vectors(
        left_, left_name,
        alone() ? left_out_of_right(name) : left_out_pictures(left_, left_name, shared_));
    if (blend_.at_least.empty()) return space;
    if (!right_.manifest().spaces.at(name).normalized) {
        throw UsageError{fmt::format("--blend needs cosines, and the vectors of space '{}' have "
                                     "no unit length",
                                     name),
                         "leave --blend out"};
    }
    if (!alone()) space.right = read_vectors(right_, name, left_out_of_right(name));
    blend_all(name, space);
    return space;
}

/// Both sides form one pool: a neighbour may be on either.
void CollectionQueryVectors::blend_all(const std::string& name, Space& space) const {
    const auto split = static_cast<std::ptrdiff_t>(space.left.values.size());
    auto pool = std::move(space.left.values);
    pool.insert(pool.end(), space.right.values.begin(), space.right.values.end());
    for (const float at_least : blend_.at_least) {
        const Stopwatch watch;
        pool = blended(pool, space.left.dim, at_least, blend_.neighbours);
        execution_.observer.detail(fmt::format("match: space {}: blended from {} on, {:.1f} s",
                                               name, at_least, watch.milliseconds() / 1000));
    }
    space.right.values.assign(pool.begin() + split, pool.end());
    pool.resize(static_cast<std::size_t>(split));
    space.left.values = std::move(pool);
}

const LeftOutPictures& CollectionQueryVectors::left_out_of_right(const std::string& space) {
    const auto [found, is_new] = left_out_.try_emplace(space);
    if (is_new) found->second = left_out_pictures(right_, space, shared_);
    return found->second;
}

const LeftOutPictures& CollectionQueryVectors::left_out(const std::string& space) {
    const std::lock_guard lock(mutex_);
    return left_out_of_right(space);
}

const SpaceVectors& CollectionQueryVectors::of(const std::string& space) {
    const std::lock_guard lock(mutex_);
    return load(space).left;
}

std::optional<Index> CollectionQueryVectors::blended_index(const std::string& name) {
    if (blend_.at_least.empty()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto& space = load(name);
    return flat_index(alone() ? space.left : space.right);
}

}  // namespace pmatch
