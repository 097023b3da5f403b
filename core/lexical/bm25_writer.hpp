/// Internal to core: writes a .bm25 file term by term.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/files/spill_file.hpp"
#include "core/lexical/bm25_builder.hpp"
#include "core/lexical/bm25_file.hpp"
#include "core/lexical/posting_block.hpp"

namespace pmatch {

class Bm25Writer {
public:
    /// lengths[position]: number of terms of an item, including repetitions. Must outlive this
    /// object.
    Bm25Writer(const std::filesystem::path& target, const Bm25Options& options,
               const std::vector<std::uint32_t>& lengths);

    /// Terms in ascending byte order, each with its postings in ascending position.
    void add(std::string_view term, const std::vector<Posting>& postings);

    FileRecord finish(const Bm25Origin& origin, const std::vector<std::int64_t>& rows,
                      const std::vector<std::uint32_t>& order);

private:
    Bm25Header header(const Bm25Origin& origin) const;
    std::vector<std::uint32_t> hash_table();

    std::filesystem::path target_;
    Bm25Options options_;
    const std::vector<std::uint32_t>& lengths_;
    std::vector<double> norms_;  ///< k1 * (1 - b + b * dl / avgdl) by position
    std::uint64_t length_ = 0;
    std::uint64_t count_ = 0;  ///< postings
    std::vector<Bm25Term> terms_;
    std::vector<std::uint32_t> hashes_;  ///< low bits, by term
    SpoolFile postings_;
    SpoolFile texts_;
    std::vector<std::uint32_t> positions_;
    std::vector<float> values_;
};

}  // namespace pmatch
