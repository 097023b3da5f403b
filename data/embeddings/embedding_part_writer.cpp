#include <unistd.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_header.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/embeddings/hdf5.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// Chunks of about this size fit HDF5's cache of 1 MiB per dataset.
constexpr hsize_t kChunkBytes = hsize_t{256} << 10U;

hdf5::Handle create_dataset(hid_t parent, const char* name, hid_t type, hsize_t width,
                            hsize_t element, const fs::path& named) {
    const int rank = width == 0 ? 1 : 2;
    const hsize_t columns = std::max<hsize_t>(width, 1);
    const std::array<hsize_t, 2> size{0, columns};
    const std::array<hsize_t, 2> limit{H5S_UNLIMITED, columns};
    const std::array<hsize_t, 2> chunk{
        std::clamp<hsize_t>(kChunkBytes / (columns * element), 1, 8192), columns};
    const hdf5::Handle space(H5Screate_simple(rank, size.data(), limit.data()), H5Sclose,
                             "make a dataspace", named);
    const auto properties = hdf5::dataset_properties(named);
    hdf5::check(H5Pset_chunk(properties, rank, chunk.data()), "set the chunk size", named);
    return {H5Dcreate2(parent, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
            "create a dataset", named};
}

}  // namespace

struct PartWriter::State {
    fs::path target;
    PartHeader header;
    std::int64_t rows = 0;
    std::int64_t vector_rows = 0;
    std::int64_t skipped = 0;
    std::int64_t first_row = 0;
    std::int64_t last_row = -1;
    bool published = false;
    hdf5::Handle file, group, strings;
    hdf5::Handle ids, ordinal, content, vectors, ends;
    hdf5::Handle skipped_row, skipped_ordinal, skipped_content, code, detail;

    void close() {
        for (auto* handle :
             {&ids, &ordinal, &content, &vectors, &ends, &skipped_row, &skipped_ordinal,
              &skipped_content, &code, &detail, &group, &strings, &file}) {
            handle->close(target);
        }
    }
    /// The vectors of the next `count` entries.
    void add_vectors(std::size_t count, std::span<const float> values,
                     std::span<const std::size_t> of_entries) {
        const auto before = static_cast<hsize_t>(vector_rows);
        const auto more = header.ragged() ? (count == 0 ? 0 : of_entries[count - 1]) : count;
        hdf5::append_rows(vectors, H5T_NATIVE_FLOAT, before, more, static_cast<hsize_t>(header.dim),
                          values.data(), target);
        if (header.ragged()) {
            std::vector<std::int64_t> from_start;
            for (const auto end : of_entries)
                from_start.push_back(vector_rows + static_cast<std::int64_t>(end));
            hdf5::append_rows(ends, H5T_NATIVE_INT64, static_cast<hsize_t>(rows), count, 0,
                              from_start.data(), target);
        }
        vector_rows += static_cast<std::int64_t>(more);
    }
    void note(std::int64_t from, std::int64_t to) {
        first_row = rows + skipped == 0 ? from : std::min(first_row, from);
        last_row = std::max(last_row, to);
    }
};

PartWriter::PartWriter(const fs::path& target, const PartHeader& header)
    : state_(std::make_unique<State>()) {
    const auto held = hdf5::lock();
    auto& state = *state_;
    state.target = target;
    state.header = header;
    const auto width = static_cast<hsize_t>(header.dim);
    state.file = hdf5::create_file(temporary_path(target), target);
    write_header(state.file, header, target);
    state.strings = hdf5::string_type(target);
    state.ids = create_dataset(state.file, "ids", H5T_STD_I64LE, 0, 8, target);
    state.ordinal = create_dataset(state.file, "ordinal", H5T_STD_I32LE, 0, 4, target);
    state.content = create_dataset(state.file, "content", H5T_STD_U8LE, 16, 1, target);
    state.vectors = header.bytes
                        ? create_dataset(state.file, "vectors", H5T_STD_U8LE, width, 1, target)
                        : create_dataset(state.file, "vectors", H5T_IEEE_F32LE, width, 4, target);
    if (header.ragged())
        state.ends = create_dataset(state.file, "ends", H5T_STD_I64LE, 0, 8, target);
    state.group = hdf5::create_group(state.file, "skipped", target);
    state.skipped_row = create_dataset(state.group, "row", H5T_STD_I64LE, 0, 8, target);
    state.skipped_ordinal = create_dataset(state.group, "ordinal", H5T_STD_I32LE, 0, 4, target);
    state.skipped_content = create_dataset(state.group, "content", H5T_STD_U8LE, 16, 1, target);
    state.code = create_dataset(state.group, "code", state.strings, 0, 16, target);
    state.detail = create_dataset(state.group, "detail", state.strings, 0, 16, target);
}

PartWriter::~PartWriter() {
    const auto held = hdf5::lock();
    const auto target = state_->target;
    const bool published = state_->published;
    state_.reset();
    if (!published) ::unlink(temporary_path(target).c_str());
}

void PartWriter::add(std::span<const InputKey> keys, std::span<const float> vectors,
                     std::span<const std::size_t> ends) {
    if (keys.empty()) return;
    const auto held = hdf5::lock();
    auto& state = *state_;
    std::vector<std::int64_t> rows;
    std::vector<std::int32_t> ordinals;
    std::vector<std::uint8_t> contents;
    for (const auto& key : keys) {
        rows.push_back(key.row);
        ordinals.push_back(key.ordinal);
        contents.insert(contents.end(), key.content.bytes.begin(), key.content.bytes.end());
    }
    const auto first = static_cast<hsize_t>(state.rows);
    const auto count = static_cast<hsize_t>(keys.size());
    hdf5::append_rows(state.ids, H5T_NATIVE_INT64, first, count, 0, rows.data(), state.target);
    hdf5::append_rows(state.ordinal, H5T_NATIVE_INT32, first, count, 0, ordinals.data(),
                      state.target);
    hdf5::append_rows(state.content, H5T_NATIVE_UINT8, first, count, 16, contents.data(),
                      state.target);
    state.add_vectors(keys.size(), vectors, ends);
    state.note(rows.front(), rows.back());
    state.rows += static_cast<std::int64_t>(count);
}

void PartWriter::add(std::span<const SkippedInput> skipped) {
    if (skipped.empty()) return;
    const auto held = hdf5::lock();
    auto& state = *state_;
    std::vector<std::int64_t> rows;
    std::vector<std::int32_t> ordinals;
    std::vector<std::uint8_t> contents;
    std::vector<const char*> codes;
    std::vector<const char*> details;
    for (const auto& [key, problem] : skipped) {
        rows.push_back(key.row);
        ordinals.push_back(key.ordinal);
        contents.insert(contents.end(), key.content.bytes.begin(), key.content.bytes.end());
        codes.push_back(problem.code.c_str());
        details.push_back(problem.detail.c_str());
    }
    const auto first = static_cast<hsize_t>(state.skipped);
    const auto count = static_cast<hsize_t>(skipped.size());
    const auto& named = state.target;
    hdf5::append_rows(state.skipped_row, H5T_NATIVE_INT64, first, count, 0, rows.data(), named);
    hdf5::append_rows(state.skipped_ordinal, H5T_NATIVE_INT32, first, count, 0, ordinals.data(),
                      named);
    hdf5::append_rows(state.skipped_content, H5T_NATIVE_UINT8, first, count, 16, contents.data(),
                      named);
    hdf5::append_rows(state.code, state.strings, first, count, 0, codes.data(), named);
    hdf5::append_rows(state.detail, state.strings, first, count, 0, details.data(), named);
    state.note(rows.front(), rows.back());
    state.skipped += static_cast<std::int64_t>(count);
}

std::int64_t PartWriter::rows() const {
    return state_->rows;
}
std::int64_t PartWriter::skipped() const {
    return state_->skipped;
}
std::int64_t PartWriter::first_row() const {
    return state_->first_row;
}
std::int64_t PartWriter::last_row() const {
    return state_->last_row;
}

FileRecord PartWriter::publish() {
    {
        const auto held = hdf5::lock();
        state_->close();
    }
    const auto record = publish_file(temporary_path(state_->target), state_->target);
    state_->published = true;
    return record;
}

}  // namespace pmatch
