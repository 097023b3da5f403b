/// indexes/<space>.keys.npy: of which picture or text each vector of an index is, so that an index
/// older than its space can still be used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/files/atomic_file.hpp"
#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

/// Its place in IndexEntry::files, behind .faiss, .rows.npy and .json; older indexes have none.
inline constexpr std::size_t kIndexKeysFile = 3;

/// keys[position], as a NumPy array of records: ordinal int32, content uint8 [16]. The rows are
/// in the index's rows.npy.
FileRecord write_index_keys(const std::filesystem::path& file, std::span<const InputKey> keys);

/// `rows` are the index's. Throws Error when the file is not what the record says.
std::vector<InputKey> read_index_keys(const std::filesystem::path& file, const FileRecord& expected,
                                      std::span<const std::int64_t> rows);

/// Finds live vectors in an index and tells in the end which of its vectors nobody asked for.
class IndexKeys {
public:
    /// By position; a key of row -1 is dead and never found.
    explicit IndexKeys(std::vector<InputKey> keys);

    /// The vector's position, which counts as live from now on.
    std::optional<std::int64_t> find(const InputKey& key);
    /// Positions that were never found, ascending; without those of row -1.
    std::vector<std::int64_t> not_found() const;

    const std::vector<InputKey>& keys() const { return keys_; }

private:
    std::vector<InputKey> keys_;
    std::vector<std::int64_t> by_key_;  ///< positions in ascending keys
    std::vector<bool> found_;
};

}  // namespace pmatch
