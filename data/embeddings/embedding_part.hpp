/// One immutable HDF5 file of a space: vectors of encoded inputs, and problems of the others.
///
/// Datasets ids int64 [n], ordinal int32 [n], content uint8 [n, 16], vectors float32 [n, dim],
/// all in ascending (id, ordinal); skipped/row, skipped/ordinal, skipped/content, skipped/code,
/// skipped/detail likewise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

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

    /// keys.size() x dim floats. Keys must be greater than all earlier ones.
    void add(std::span<const InputKey> keys, std::span<const float> vectors);
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
    /// Vectors [first, first + count) into `out`, count x dim floats.
    void vectors(std::int64_t first, std::int64_t count, std::span<float> out) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
