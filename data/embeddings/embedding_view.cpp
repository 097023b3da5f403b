#include "data/embeddings/embedding_view.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <numeric>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_header.hpp"
#include "data/embeddings/hdf5.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/embeddings/provenance.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// HDF5 searches a view's runs linearly, so reading many of them is slow.
constexpr std::size_t kMaxRuns = 512;

/// Consecutive live vectors of one part.
struct Run {
    std::size_t part = 0;
    std::int64_t first = 0;
    std::int64_t count = 0;
};

struct Layout {
    std::vector<Run> runs;
    std::int64_t live = 0;
    std::string stamp;
};

Layout lay_out(const Collection& collection, const Manifest& next, const std::string& space) {
    Layout layout;
    Hasher128 hasher;
    const auto& fingerprint = next.spaces.at(space).fingerprint;
    hasher.update(fingerprint.data(), fingerprint.size());
    LiveScan scan(collection, next, space);
    while (scan.next()) {
        if (scan.state() != LiveScan::State::kDone) continue;
        const auto& key = scan.input().key();
        hasher.update(&key.row, sizeof key.row);
        hasher.update(&key.ordinal, sizeof key.ordinal);
        hasher.update(key.content.bytes.data(), key.content.bytes.size());
        ++layout.live;
        auto& runs = layout.runs;
        if (!runs.empty() && runs.back().part == scan.part() &&
            runs.back().first + runs.back().count == scan.position()) {
            ++runs.back().count;
        } else if (runs.size() <= kMaxRuns) {
            runs.push_back({scan.part(), scan.position(), 1});
        }
    }
    layout.stamp = hasher.digest().hex();
    return layout;
}

struct Column {
    const char* name;
    hid_t type;
    hsize_t width;     ///< 0: one value per row
    const void* fill;  ///< value of rows whose part is missing, distinct from data
};

void write_column(hid_t file, const Column& column, const SpaceRecord& space,
                  const std::string& folder, const Layout& layout, const fs::path& named) {
    const int rank = column.width == 0 ? 1 : 2;
    const std::array<hsize_t, 2> size{static_cast<hsize_t>(layout.live), column.width};
    const hdf5::Handle target(H5Screate_simple(rank, size.data(), nullptr), H5Sclose,
                              "make a dataspace", named);
    const auto properties = hdf5::dataset_properties(named);
    hdf5::check(H5Pset_fill_value(properties, column.type, column.fill), "set a fill value", named);
    hsize_t at = 0;
    for (const auto& run : layout.runs) {
        const auto& part = space.parts[run.part];
        const std::array<hsize_t, 2> count{static_cast<hsize_t>(run.count), column.width};
        const std::array<hsize_t, 2> from{static_cast<hsize_t>(run.first), 0};
        const std::array<hsize_t, 2> to{at, 0};
        const std::array<hsize_t, 2> whole{static_cast<hsize_t>(part.rows), column.width};
        const hdf5::Handle source(H5Screate_simple(rank, whole.data(), nullptr), H5Sclose,
                                  "make a dataspace", named);
        hdf5::check(H5Sselect_hyperslab(source, H5S_SELECT_SET, from.data(), nullptr, count.data(),
                                        nullptr),
                    "select rows", named);
        hdf5::check(
            H5Sselect_hyperslab(target, H5S_SELECT_SET, to.data(), nullptr, count.data(), nullptr),
            "select rows", named);
        // Relative to the view's directory, so that the collection can be moved.
        const auto path = folder + "/" + fs::path(part.file).filename().string();
        hdf5::check(H5Pset_virtual(properties, target, path.c_str(), column.name, source),
                    "map a part", named);
        at += static_cast<hsize_t>(run.count);
    }
    hdf5::check(H5Sselect_all(target), "select rows", named);
    const hdf5::Handle dataset(
        H5Dcreate2(file, column.name, column.type, target, H5P_DEFAULT, properties, H5P_DEFAULT),
        H5Dclose, "create a dataset", named);
}

FileRecord write_view(const SpaceRecord& space, const std::string& name, const Layout& layout,
                      const fs::path& target) {
    make_directories(target.parent_path());
    const auto temporary = temporary_path(target);
    {
        const auto held = hdf5::lock();
        auto file = hdf5::create_file(temporary, target);
        write_header(file, header_of(space, name), target);
        const std::int64_t no_row = -1;
        const std::int32_t no_ordinal = -1;
        const float no_value = std::numeric_limits<float>::quiet_NaN();
        const std::array<Column, 3> columns{
            {{"ids", H5T_STD_I64LE, 0, &no_row},
             {"ordinal", H5T_STD_I32LE, 0, &no_ordinal},
             {"vectors", H5T_IEEE_F32LE, static_cast<hsize_t>(space.dim), &no_value}}};
        for (const auto& column : columns) {
            write_column(file, column, space, name, layout, target);
        }
        file.close(target);
    }
    // Already at its place: this only syncs.
    return publish_file(temporary, temporary);
}

}  // namespace

LiveSummary summarize_live(const Collection& collection, const Manifest& manifest,
                           const std::string& space) {
    const auto layout = lay_out(collection, manifest, space);
    return {layout.live, layout.stamp};
}

StagedFile stage_view(const Collection& collection, Manifest& next, const std::string& name) {
    auto& space = next.spaces.at(name);
    auto layout = lay_out(collection, next, name);
    if (layout.runs.size() > kMaxRuns) {
        std::vector<std::size_t> all(space.parts.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        rewrite_parts(collection, next, name, all);
        layout = lay_out(collection, next, name);
    }
    space.live = layout.live;
    space.stamp = layout.stamp;
    const auto file = view_file(name);
    return {file, write_view(space, name, layout, collection.directory() / file)};
}

}  // namespace pmatch
