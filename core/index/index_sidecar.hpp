/// The files of an index and the metadata in its sidecar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/common/remedy.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

/// The remedy for any damage to an index: it can always be rebuilt from the vectors.
inline Remedy index_remedy() {
    return {"make the index again:", {{"build-index", {}}}};
}

struct IndexOptions {
    std::string layout = "auto";  ///< FAISS factory string; "auto" chooses by the number of vectors
    std::size_t train_rows = 100'000;  ///< vectors sampled for training; 0 = all
};

/// indexes/<space>.faiss, .rows.npy and .json.
struct IndexFiles {
    std::filesystem::path faiss;    ///< a plain FAISS index; its ids are positions
    std::filesystem::path rows;     ///< NumPy, int64 [count]: position → row; -1: dead
    std::filesystem::path sidecar;  ///< JSON

    static IndexFiles of(const std::filesystem::path& directory, const std::string& space);
};

/// Size and checksum of each file, as recorded in the manifest.
struct IndexRecords {
    FileRecord faiss;
    FileRecord rows;
    FileRecord sidecar;

    friend bool operator==(const IndexRecords&, const IndexRecords&) = default;
};

/// Provenance of the vectors, supplied by the collection.
struct IndexOrigin {
    std::string space;
    std::string model;               ///< name of the model package
    std::string fingerprint;         ///< of the space
    std::vector<std::string> parts;  ///< the files it was built from
    std::string command;             ///< creates such an index
    bool normalized = true;          ///< vectors have unit length, so scores are cosines
    std::string precision{};         ///< of the space

    friend bool operator==(const IndexOrigin&, const IndexOrigin&) = default;
};

/// Decisions and measurements of the build.
struct IndexBuild {
    std::string layout;  ///< the factory string used, never "auto"
    int dim = 0;
    std::int64_t count = 0;         ///< vectors
    std::int64_t most_per_row = 0;  ///< maximum number of vectors of one item
    float largest_norm = 0;         ///< length of the longest vector
    std::string search_parameter;   ///< "nprobe" or "efSearch"; empty if there is none
    int search_value = 0;
    double recall = 1;               ///< recall@10 of stored vectors against exact search
    std::int64_t recall_sample = 0;  ///< vectors it was measured on; 0 when exact
    std::string determinism;         ///< a sentence for people; "exact" for Flat
    std::int64_t dead = 0;           ///< of `count`: vectors of row -1, never returned
    std::int64_t trained = 0;        ///< number of vectors at the last full build

    friend bool operator==(const IndexBuild&, const IndexBuild&) = default;
};

struct IndexSidecar {
    IndexOrigin origin;
    IndexBuild build;
};

FileRecord write_sidecar(const std::filesystem::path& file, const IndexSidecar& sidecar);

/// Throws Error if the file does not match the record, has another format or version, or holds
/// values that no builder writes.
IndexSidecar read_sidecar(const std::filesystem::path& file, const FileRecord& expected);

/// How reproducible vectors of this precision are: a sentence for people.
std::string vector_determinism(const std::string& precision);

/// int64 [n] in NumPy format version 1.0.
FileRecord write_rows(const std::filesystem::path& file, const std::vector<std::int64_t>& rows);

/// Throws Error if the file does not match the record or does not hold `count` rows.
std::vector<std::int64_t> read_rows(const std::filesystem::path& file, const FileRecord& expected,
                                    std::int64_t count);

}  // namespace pmatch
