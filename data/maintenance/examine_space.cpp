#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/common/vector_norm.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/hdf5.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kBlockValues = std::int64_t{1} << 20U;

void check_vector(std::span<const float> vector, const SpaceRecord& space, const InputKey& key,
                  const std::string& file) {
    const double length = vector_length(vector);
    if (!std::isfinite(length)) {
        throw Error{fmt::format("the vector of row {} is not finite", key.row), file, {}};
    }
    if (!space.normalized || is_unit_length(length, space.precision)) return;
    throw Error{fmt::format("the vector of row {} has length {:.6f}, the model promises 1", key.row,
                            length),
                file,
                {}};
}

void check_vectors(const PartReader& part, const std::vector<InputKey>& keys,
                   const SpaceRecord& space, const std::string& file) {
    const auto width = static_cast<std::size_t>(space.dim);
    const auto block = std::max<std::int64_t>(1, kBlockValues / space.dim);
    std::vector<float> values;
    for (std::int64_t first = 0, next = 0; first < part.rows(); first = next) {
        const auto begin = part.begin(first);
        next = first + 1;
        while (next < part.rows() && part.begin(next + 1) - begin <= block)
            ++next;
        values.resize(static_cast<std::size_t>(part.begin(next) - begin) * width);
        part.vectors(first, next - first, values);
        for (auto input = first; input < next; ++input) {
            for (auto vector = part.begin(input); vector < part.begin(input + 1); ++vector) {
                const auto at = static_cast<std::size_t>(vector - begin) * width;
                check_vector(std::span(values).subspan(at, width), space,
                             keys[static_cast<std::size_t>(input)], file);
            }
        }
    }
}

/// The rows of a part according to the manifest.
void check_keys(const PartRecord& part, const std::vector<InputKey>& keys,
                const std::vector<SkippedInput>& skipped, std::int64_t next_row,
                const std::string& file) {
    std::set<std::pair<std::int64_t, std::int32_t>> failed;
    std::int64_t first = next_row;
    std::int64_t last = -1;
    for (const auto& input : skipped) {
        if (input.problem.code.empty())
            throw Error{fmt::format("row {} was skipped without a code", input.key.row), file, {}};
        failed.emplace(input.key.row, input.key.ordinal);
        first = std::min(first, input.key.row);
        last = std::max(last, input.key.row);
    }
    for (const auto& key : keys) {
        if (failed.contains({key.row, key.ordinal}))
            throw Error{fmt::format("row {} has a vector and was skipped", key.row), file, {}};
        first = std::min(first, key.row);
        last = std::max(last, key.row);
    }
    if (static_cast<std::int64_t>(skipped.size()) != part.skipped || first != part.first_row ||
        last != part.last_row || last >= next_row) {
        throw Error{fmt::format("it accounts for rows {} to {} ({} skipped), the manifest says {} "
                                "to {} ({} skipped) of {}",
                                first, last, skipped.size(), part.first_row, part.last_row,
                                part.skipped, next_row),
                    file,
                    {}};
    }
}

void check_part(const Collection& collection, const std::string& name, const PartRecord& part) {
    const auto& manifest = collection.manifest();
    const auto& space = manifest.spaces.at(name);
    const auto file = (collection.directory() / part.file).string();
    const auto reader = open_part(collection, manifest, name, part);
    if (reader->header().precision != space.precision) {
        throw Error{fmt::format("its vectors were made in {}, the space's in {}",
                                reader->header().precision, space.precision),
                    file,
                    {}};
    }
    const auto keys = reader->keys();
    check_keys(part, keys, reader->skipped(), manifest.items.next_row, file);
    check_vectors(*reader, keys, space, file);
}

}  // namespace

bool examine_parts(Examination& examination, const std::string& name) {
    const auto& space = examination.manifest().spaces.at(name);
    bool whole = true;
    std::int64_t vectors = 0;
    for (const auto& part : space.parts) {
        whole &= examination.check_silently(
            "vectors", name, part.file, [&] { check_part(examination.collection(), name, part); });
        vectors += part.rows;
    }
    if (whole && vectors == 0) {
        examination.add({"vectors",
                         name,
                         Finding::State::kStale,
                         {},
                         "there are none",
                         examination.mend(view_file(name))});
    } else if (whole) {
        examination.good(
            "vectors", name,
            fmt::format("{} {} of {} values in {} parts, {}", vectors,
                        space.indexable() ? "vectors" : "inputs with any number of vectors",
                        space.dim, space.parts.size(),
                        space.normalized ? "unit length" : "finite"));
    }
    return whole;
}

}  // namespace pmatch
