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

struct Range {
    std::int64_t first = 0;
    std::int64_t count = 0;
};

/// Consecutive live inputs of one part, and their vectors.
struct Run {
    std::size_t part = 0;
    Range inputs;
    Range vectors;
};

/// Rows of a part's datasets.
struct PartRows {
    std::int64_t inputs = 0;
    std::int64_t vectors = 0;
};

struct Layout {
    std::vector<Run> runs;
    std::vector<PartRows> parts;  ///< of those with a live input
    std::int64_t live = 0;
    std::int64_t vectors = 0;        ///< live ones
    std::vector<std::int64_t> ends;  ///< of a space with any number of vectors per input
    std::string stamp;
};

/// Adds the input that the scan is at.
void add(const LiveScan& scan, bool ragged, Layout& layout) {
    const auto& reader = *scan.reader();
    const auto position = scan.position();
    const Range vectors{reader.begin(position),
                        reader.begin(position + 1) - reader.begin(position)};
    ++layout.live;
    layout.vectors += vectors.count;
    if (ragged) layout.ends.push_back(layout.vectors);
    layout.parts[scan.part()] = {reader.rows(), reader.begin(reader.rows())};
    auto& runs = layout.runs;
    if (!runs.empty() && runs.back().part == scan.part() &&
        runs.back().inputs.first + runs.back().inputs.count == position) {
        ++runs.back().inputs.count;
        runs.back().vectors.count += vectors.count;
    } else if (runs.size() <= kMaxRuns) {
        runs.push_back({scan.part(), {position, 1}, vectors});
    }
}

Layout lay_out(const Collection& collection, const Manifest& next, const std::string& space) {
    Layout layout;
    Hasher128 hasher;
    const auto& fingerprint = next.spaces.at(space).fingerprint;
    hasher.update(fingerprint.data(), fingerprint.size());
    layout.parts.resize(next.spaces.at(space).parts.size());
    LiveScan scan(collection, next, space);
    while (scan.next()) {
        if (scan.state() != LiveScan::State::kDone) continue;
        const auto& key = scan.input().key();
        hasher.update(&key.row, sizeof key.row);
        hasher.update(&key.ordinal, sizeof key.ordinal);
        hasher.update(key.content.bytes.data(), key.content.bytes.size());
        add(scan, !next.spaces.at(space).indexable(), layout);
    }
    layout.stamp = hasher.digest().hex();
    return layout;
}

struct Column {
    const char* name;
    hid_t type;
    hsize_t width;            ///< 0: one value per row
    const void* fill;         ///< value of rows whose part is missing, distinct from data
    bool of_vectors = false;  ///< a row for each vector, not for each input
};

void write_column(hid_t file, const Column& column, const SpaceRecord& space,
                  const std::string& folder, const Layout& layout, const fs::path& named) {
    const int rank = column.width == 0 ? 1 : 2;
    const std::array<hsize_t, 2> size{
        static_cast<hsize_t>(column.of_vectors ? layout.vectors : layout.live), column.width};
    const hdf5::Handle target(H5Screate_simple(rank, size.data(), nullptr), H5Sclose,
                              "make a dataspace", named);
    const auto properties = hdf5::dataset_properties(named);
    hdf5::check(H5Pset_fill_value(properties, column.type, column.fill), "set a fill value", named);
    hsize_t at = 0;
    for (const auto& run : layout.runs) {
        const auto& part = space.parts[run.part];
        const auto& rows = column.of_vectors ? run.vectors : run.inputs;
        if (rows.count == 0) continue;
        const auto& all = layout.parts[run.part];
        const std::array<hsize_t, 2> count{static_cast<hsize_t>(rows.count), column.width};
        const std::array<hsize_t, 2> from{static_cast<hsize_t>(rows.first), 0};
        const std::array<hsize_t, 2> to{at, 0};
        const std::array<hsize_t, 2> whole{
            static_cast<hsize_t>(column.of_vectors ? all.vectors : all.inputs), column.width};
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
        at += static_cast<hsize_t>(rows.count);
    }
    hdf5::check(H5Sselect_all(target), "select rows", named);
    const hdf5::Handle dataset(
        H5Dcreate2(file, column.name, column.type, target, H5P_DEFAULT, properties, H5P_DEFAULT),
        H5Dclose, "create a dataset", named);
}

/// They count from the view's first vector, so they are its own and no part's.
void write_ends(hid_t file, const std::vector<std::int64_t>& ends, const fs::path& named) {
    const std::array<hsize_t, 1> size{ends.size()};
    const hdf5::Handle space(H5Screate_simple(1, size.data(), nullptr), H5Sclose,
                             "make a dataspace", named);
    const auto properties = hdf5::dataset_properties(named);
    const hdf5::Handle dataset(
        H5Dcreate2(file, "ends", H5T_STD_I64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT),
        H5Dclose, "create a dataset", named);
    if (ends.empty()) return;
    hdf5::check(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, ends.data()),
                "write rows", named);
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
        const std::uint8_t no_byte = 0;
        const auto width = static_cast<hsize_t>(space.dim);
        const std::array<Column, 3> columns{
            {{"ids", H5T_STD_I64LE, 0, &no_row},
             {"ordinal", H5T_STD_I32LE, 0, &no_ordinal},
             space.bytes ? Column{"vectors", H5T_STD_U8LE, width, &no_byte, true}
                         : Column{"vectors", H5T_IEEE_F32LE, width, &no_value, true}}};
        for (const auto& column : columns) {
            write_column(file, column, space, name, layout, target);
        }
        if (!space.indexable()) write_ends(file, layout.ends, target);
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
