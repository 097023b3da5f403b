#include <fmt/format.h>

#include <mutex>
#include <span>
#include <vector>

#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_header.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/hdf5.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

/// A block of consecutive live inputs.
struct Block {
    std::size_t inputs = 0;
    std::size_t vectors = 0;
    Hash128 hash;
};

/// Rows of the view; `ends` counts from the view's first vector, and is empty for a space with one
/// vector per input.
struct Rows {
    std::vector<std::int64_t> ids;
    std::vector<std::int32_t> ordinals;
    std::vector<std::int64_t> ends;
};

Hash128 hash_of(const Rows& rows, std::span<const float> values) {
    Hasher128 hasher;
    hasher.update(rows.ids.data(), rows.ids.size() * sizeof rows.ids[0]);
    hasher.update(rows.ordinals.data(), rows.ordinals.size() * sizeof rows.ordinals[0]);
    hasher.update(rows.ends.data(), rows.ends.size() * sizeof rows.ends[0]);
    hasher.update(values.data(), values.size_bytes());
    return hasher.digest();
}

/// The content of the parts. They must be closed before the view is read: with different lock
/// settings HDF5 1.10 cannot open a file again through a view, and returns fill values.
std::vector<Block> live_blocks(const Collection& collection, const std::string& space) {
    std::vector<Block> blocks;
    std::size_t before = 0;
    for_each_vector_block(collection, space, [&](const VectorBlock& block) {
        Rows rows;
        for (const auto& key : block.keys) {
            rows.ids.push_back(key.row);
            rows.ordinals.push_back(key.ordinal);
        }
        for (const auto end : block.ends)
            rows.ends.push_back(static_cast<std::int64_t>(before + end));
        const auto vectors = block.ends.empty() ? block.keys.size() : block.ends.back();
        before += vectors;
        blocks.push_back({block.keys.size(), vectors, hash_of(rows, block.vectors)});
    });
    return blocks;
}

/// Reads the view as a notebook would, for comparison with the parts.
class ViewReader {
public:
    ViewReader(const std::filesystem::path& file, const SpaceRecord& space)
        : file_(file), held_(hdf5::lock()), handle_(hdf5::open_file(file)), space_(space) {
        const auto header = read_header(handle_, file);
        if (header.fingerprint != space.fingerprint || header.dim != space.dim) {
            fail(fmt::format("it shows {} values by {:.12}, the space has {} by {:.12}", header.dim,
                             header.fingerprint, space.dim, space.fingerprint));
        }
        ids_ = hdf5::open_dataset(handle_, "ids", file);
        ordinal_ = hdf5::open_dataset(handle_, "ordinal", file);
        vectors_ = hdf5::open_dataset(handle_, "vectors", file);
        if (!space.indexable()) ends_ = hdf5::open_dataset(handle_, "ends", file);
        const auto count = hdf5::shape(ids_, 1, file).at(0);
        const auto shape = hdf5::shape(vectors_, 2, file);
        const auto live = static_cast<hsize_t>(space.live);
        vectors_there_ = shape.at(0);
        const auto entries = space.indexable() ? vectors_there_ : hdf5::shape(ends_, 1, file).at(0);
        if (count != live || entries != live || hdf5::shape(ordinal_, 1, file).at(0) != live ||
            shape.at(1) != static_cast<hsize_t>(space.dim)) {
            fail(fmt::format("it shows {} ids and {} x {} values, expected {} x {}", count, entries,
                             shape.at(1), live, space.dim));
        }
    }

    /// Compares the next rows with the parts' content.
    void compare(const Block& block) {
        const auto count = static_cast<hsize_t>(block.inputs);
        const auto vectors = static_cast<hsize_t>(block.vectors);
        if (at_ + count > static_cast<hsize_t>(space_.live) ||
            vectors_at_ + vectors > vectors_there_) {
            fail("it shows too few vectors");
        }
        const auto width = static_cast<hsize_t>(space_.dim);
        Rows rows;
        rows.ids.resize(block.inputs);
        rows.ordinals.resize(block.inputs);
        std::vector<float> values(block.vectors * static_cast<std::size_t>(width));
        hdf5::read_rows(ids_, H5T_NATIVE_INT64, at_, count, 0, rows.ids.data(), file_);
        hdf5::read_rows(ordinal_, H5T_NATIVE_INT32, at_, count, 0, rows.ordinals.data(), file_);
        if (!space_.indexable()) {
            rows.ends.resize(block.inputs);
            hdf5::read_rows(ends_, H5T_NATIVE_INT64, at_, count, 0, rows.ends.data(), file_);
        }
        hdf5::read_rows(vectors_, H5T_NATIVE_FLOAT, vectors_at_, vectors, width, values.data(),
                        file_);
        if (hash_of(rows, values) != block.hash) {
            fail(
                fmt::format("places {} to {} show row {} and on, or other vectors than the parts "
                            "hold",
                            at_, at_ + count - 1, rows.ids.front()));
        }
        at_ += count;
        vectors_at_ += vectors;
    }

    void finish() const {
        if (at_ == static_cast<hsize_t>(space_.live) && vectors_at_ == vectors_there_) return;
        fail(fmt::format("it shows {} vectors, {} are live", space_.live, at_));
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw Error{what, file_.string(), {}}; }

    std::filesystem::path file_;
    std::unique_lock<std::recursive_mutex> held_;
    hdf5::Handle handle_, ids_, ordinal_, ends_, vectors_;
    const SpaceRecord& space_;
    hsize_t at_ = 0;             ///< inputs compared so far
    hsize_t vectors_at_ = 0;     ///< vectors compared so far
    hsize_t vectors_there_ = 0;  ///< that the view shows
};

}  // namespace

void examine_view(Examination& examination, const std::string& name) {
    const auto& collection = examination.collection();
    const auto& space = examination.manifest().spaces.at(name);
    const auto file = view_file(name);
    if (space.stamp.empty()) {
        examination.add({"view", name, Finding::State::kStale, file,
                         "vectors were added since it was written", examination.mend(file)});
        return;
    }
    examination.check("view", name, file, [&] {
        const auto summary = summarize_live(collection, examination.manifest(), name);
        if (summary.count != space.live || summary.stamp != space.stamp) {
            throw Error{fmt::format("{} vectors are live, the manifest says {} (stamp {} and {})",
                                    summary.count, space.live, summary.stamp, space.stamp),
                        (collection.directory() / file).string(),
                        {}};
        }
        collection.verify(file);
        const auto blocks = live_blocks(collection, name);
        ViewReader view(collection.directory() / file, space);
        for (const auto& block : blocks)
            view.compare(block);
        view.finish();
        return fmt::format("{} live vectors", space.live);
    });
}

}  // namespace pmatch
