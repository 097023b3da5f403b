/// indexes/<space>.keys.npy: the picture or text of each vector of an index, so that an index older
/// than its space can still be used.
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

/// Position in IndexEntry::files, after .faiss, .rows.npy and .json; missing in older indexes.
inline constexpr std::size_t kIndexKeysFile = 3;

/// keys[position], as a NumPy array of records: ordinal int32, content uint8 [16]. The rows are
/// in the index's rows.npy.
FileRecord write_index_keys(const std::filesystem::path& file, std::span<const InputKey> keys);

/// `rows` are the index's. Throws Error if the file does not match the record.
std::vector<InputKey> read_index_keys(const std::filesystem::path& file, const FileRecord& expected,
                                      std::span<const std::int64_t> rows);

/// Looks up live vectors in an index, and determines which of its vectors are dead.
class IndexKeys {
public:
    /// By position; keys of row -1 are dead and never found.
    explicit IndexKeys(std::vector<InputKey> keys);

    /// The vector's position, which is marked as live.
    std::optional<std::int64_t> find(const InputKey& key);
    /// Positions not marked as live, ascending, except those of row -1.
    std::vector<std::int64_t> not_found() const;

    const std::vector<InputKey>& keys() const { return keys_; }

private:
    std::vector<InputKey> keys_;
    std::vector<std::int64_t> by_key_;  ///< positions in ascending order of keys
    std::vector<bool> found_;
};

}  // namespace pmatch
