#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_header.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/embeddings/hdf5.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

std::int64_t rows_of(hid_t parent, const char* name, hsize_t width, const fs::path& named) {
    const auto dataset = hdf5::open_dataset(parent, name, named);
    const auto sizes = hdf5::shape(dataset, width == 0 ? 1 : 2, named);
    if (width != 0 && sizes[1] != width) {
        throw Error{fmt::format("dataset '{}' is {} wide, expected {}", name, sizes[1], width),
                    named.string(), "give a file that pmatch wrote"};
    }
    return static_cast<std::int64_t>(sizes[0]);
}

struct Column {
    const char* name;
    hsize_t width;
};

/// All datasets of a group must have the same number of rows.
std::int64_t common_rows(hid_t parent, std::span<const Column> columns, const fs::path& named) {
    const auto rows = rows_of(parent, columns.front().name, columns.front().width, named);
    for (const auto& [name, width] : columns) {
        const auto found = rows_of(parent, name, width, named);
        if (found != rows) {
            throw Error{fmt::format("dataset '{}' has {} rows, expected {}", name, found, rows),
                        named.string(), "give a file that pmatch wrote"};
        }
    }
    return rows;
}

template <typename Value>
std::vector<Value> read_column(hid_t parent, const char* name, hid_t type, std::int64_t rows,
                               hsize_t width, const fs::path& named) {
    std::vector<Value> values(static_cast<std::size_t>(rows) * std::max<hsize_t>(width, 1));
    const auto dataset = hdf5::open_dataset(parent, name, named);
    hdf5::read_rows(dataset, type, 0, static_cast<hsize_t>(rows), width, values.data(), named);
    return values;
}

std::vector<InputKey> read_keys(hid_t parent, const char* row_name, std::int64_t rows,
                                const fs::path& named) {
    const auto ids = read_column<std::int64_t>(parent, row_name, H5T_NATIVE_INT64, rows, 0, named);
    const auto ordinals =
        read_column<std::int32_t>(parent, "ordinal", H5T_NATIVE_INT32, rows, 0, named);
    const auto contents =
        read_column<std::uint8_t>(parent, "content", H5T_NATIVE_UINT8, rows, 16, named);
    std::vector<InputKey> keys(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        keys[i].row = ids[i];
        keys[i].ordinal = ordinals[i];
        std::copy_n(contents.data() + 16 * i, 16, keys[i].content.bytes.begin());
        const bool ascending = i == 0 || std::pair(keys[i - 1].row, keys[i - 1].ordinal) <
                                             std::pair(ids[i], ordinals[i]);
        if (ids[i] < 0 || ordinals[i] < 0 || !ascending) {
            throw Error{fmt::format("entry {} of '{}' is out of order", i, row_name),
                        named.string(), "give a file that pmatch wrote"};
        }
    }
    return keys;
}

std::vector<std::string> read_strings(hid_t parent, const char* name, std::int64_t rows,
                                      const fs::path& named) {
    const auto type = hdf5::string_type(named);
    auto raw = read_column<char*>(parent, name, type, rows, 0, named);
    std::vector<std::string> strings;
    strings.reserve(raw.size());
    for (auto* text : raw) {
        strings.emplace_back(text != nullptr ? text : "");
        H5free_memory(text);
    }
    return strings;
}

}  // namespace

struct PartReader::State {
    fs::path path;
    PartHeader header;
    std::int64_t rows = 0;
    std::int64_t skipped = 0;
    hdf5::Handle file, group, vectors;
    std::vector<std::int64_t> ends;  ///< of a ragged part

    std::int64_t begin(std::int64_t entry) const {
        if (!header.ragged() || entry == 0) return entry;
        return ends[static_cast<std::size_t>(entry) - 1];
    }
};

namespace {

/// Ascending, and the last is the number of vectors.
std::vector<std::int64_t> read_ends(hid_t file, std::int64_t rows, std::int64_t vectors,
                                    const fs::path& named) {
    auto ends = read_column<std::int64_t>(file, "ends", H5T_NATIVE_INT64, rows, 0, named);
    std::int64_t before = 0;
    for (const auto end : ends) {
        if (end < before) {
            throw Error{fmt::format("'ends' has {} behind {}", end, before), named.string(),
                        "give a file that pmatch wrote"};
        }
        before = end;
    }
    if (before == vectors) return ends;
    throw Error{fmt::format("'ends' counts {} vectors, there are {}", before, vectors),
                named.string(), "give a file that pmatch wrote"};
}

}  // namespace

PartReader::PartReader(const fs::path& file) : state_(std::make_unique<State>()) {
    const auto held = hdf5::lock();
    auto& state = *state_;
    state.path = file;
    state.file = hdf5::open_file(file);
    state.header = read_header(state.file, file);
    const bool ragged = state.header.ragged();
    const Column vectors{"vectors", static_cast<hsize_t>(state.header.dim)};
    const std::array<Column, 4> columns{
        {{"ids", 0}, {"ordinal", 0}, {"content", 16}, ragged ? Column{"ends", 0} : vectors}};
    state.rows = common_rows(state.file, columns, file);
    if (ragged) {
        const auto count = rows_of(state.file, vectors.name, vectors.width, file);
        state.ends = read_ends(state.file, state.rows, count, file);
    }
    state.group = {H5Gopen2(state.file, "skipped", H5P_DEFAULT), H5Gclose, "open a group", file};
    const std::array<Column, 5> skipped{
        {{"row", 0}, {"ordinal", 0}, {"content", 16}, {"code", 0}, {"detail", 0}}};
    state.skipped = common_rows(state.group, skipped, file);
    state.vectors = hdf5::open_dataset(state.file, "vectors", file);
}

PartReader::~PartReader() {
    const auto held = hdf5::lock();
    state_.reset();
}
PartReader::PartReader(PartReader&&) noexcept = default;
PartReader& PartReader::operator=(PartReader&& other) noexcept {
    const auto held = hdf5::lock();
    state_ = std::move(other.state_);
    return *this;
}

const PartHeader& PartReader::header() const {
    return state_->header;
}
std::int64_t PartReader::rows() const {
    return state_->rows;
}

std::vector<InputKey> PartReader::keys() const {
    const auto held = hdf5::lock();
    return read_keys(state_->file, "ids", state_->rows, state_->path);
}

std::vector<SkippedInput> PartReader::skipped() const {
    const auto held = hdf5::lock();
    const auto keys = read_keys(state_->group, "row", state_->skipped, state_->path);
    const auto codes = read_strings(state_->group, "code", state_->skipped, state_->path);
    const auto details = read_strings(state_->group, "detail", state_->skipped, state_->path);
    std::vector<SkippedInput> skipped;
    skipped.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        skipped.push_back({keys[i], {codes[i], details[i]}});
    }
    return skipped;
}

std::int64_t PartReader::begin(std::int64_t entry) const {
    return state_->begin(entry);
}

void PartReader::vectors(std::int64_t first, std::int64_t count, std::span<float> out) const {
    const auto held = hdf5::lock();
    const auto width = static_cast<std::size_t>(state_->header.dim);
    const bool inside = first >= 0 && count >= 0 && first + count <= state_->rows;
    const auto from = inside ? state_->begin(first) : 0;
    const auto many = inside ? state_->begin(first + count) - from : 0;
    if (!inside || out.size() < static_cast<std::size_t>(many) * width) {
        throw Error{fmt::format("vectors {} to {} were asked for, the part has {}", first,
                                first + count, state_->rows),
                    state_->path.string(), "give a file that pmatch wrote"};
    }
    hdf5::read_rows(state_->vectors, H5T_NATIVE_FLOAT, static_cast<hsize_t>(from),
                    static_cast<hsize_t>(many), width, out.data(), state_->path);
}

}  // namespace pmatch
