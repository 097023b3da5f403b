/// One immutable HDF5 file of a space: vectors of encoded inputs, and problems of the others.
///
/// Datasets ids int64 [n], ordinal int32 [n], content uint8 [n, 16], vectors float32 [n, dim],
/// all in ascending (id, ordinal); where an input has any number of vectors, `vectors` has as many
/// rows as there are in all, uint8 if they are bytes, and `ends` int64 [n] is for each input the
/// number of vectors up to and including its last; skipped/row, skipped/ordinal, skipped/content,
/// skipped/code, skipped/detail likewise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "core/files/atomic_file.hpp"
#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

/// The attributes of a part or view.
struct PartHeader {
    std::string model;
    std::string fingerprint;
    std::string precision;
    std::string metric = "ip";
    std::string
        command;  ///< that makes such vectors, see data/embeddings/provenance.hpp; may be empty
    int dim = 0;
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
    bool bytes = false;  ///< `vectors` is uint8

    bool ragged() const { return vectors_per_input == VectorsPerInput::kVariable; }
};

/// Vectors of several inputs, row-major.
struct VectorBlock {
    std::span<const InputKey> keys;
    std::span<const float> vectors;
    std::span<const std::size_t> ends;  ///< as in EmbeddedWindow
};

/// Memory use does not depend on the number of rows.
class PartWriter {
public:
    /// Writes temporary_path(target).
    PartWriter(const std::filesystem::path& target, const PartHeader& header);
    /// Removes the temporary file unless it was published.
    ~PartWriter();
    PartWriter(const PartWriter&) = delete;
    PartWriter& operator=(const PartWriter&) = delete;

    /// The vectors of each key, row-major. Keys must be greater than all earlier ones. `ends` as in
    /// EmbeddedWindow.
    void add(std::span<const InputKey> keys, std::span<const float> vectors,
             std::span<const std::size_t> ends = {});
    void add(std::span<const SkippedInput> skipped);

    std::int64_t rows() const;
    std::int64_t skipped() const;
    /// Smallest and largest row of vectors and skipped inputs; 0 and -1 if the part is empty.
    std::int64_t first_row() const;
    std::int64_t last_row() const;

    /// Closes, syncs and renames the file; the writer cannot be used afterwards.
    FileRecord publish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads a file after size and checksum were verified.
class PartReader {
public:
    explicit PartReader(const std::filesystem::path& file);
    ~PartReader();
    PartReader(PartReader&&) noexcept;
    PartReader& operator=(PartReader&&) noexcept;

    const PartHeader& header() const;
    std::int64_t rows() const;

    /// All keys, 32 bytes each.
    std::vector<InputKey> keys() const;
    std::vector<SkippedInput> skipped() const;
    /// Number of the vectors of entries 0 up to, but not including, `entry`; 0 <= entry <= rows().
    std::int64_t begin(std::int64_t entry) const;
    /// The vectors of entries [first, first + count) into `out`, row-major: begin(first + count) -
    /// begin(first) of them.
    void vectors(std::int64_t first, std::int64_t count, std::span<float> out) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
