/// Internal to core: collects posting lists in memory and spills them sorted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/spill_file.hpp"

namespace pmatch {

/// The item at `position` contains the term `count` times.
struct Posting {
    std::uint32_t position = 0;
    std::uint32_t count = 0;
};

/// Iterates over terms in ascending byte order, each with its postings in ascending position.
class PostingRun {
public:
    virtual ~PostingRun() = default;
    /// Moves to the next term, to which the other members refer; false at the end.
    virtual bool next() = 0;
    virtual std::string_view term() const = 0;
    virtual std::size_t size() const = 0;
    /// At most one call per term.
    virtual const std::vector<Posting>& postings() = 0;
};

/// In-memory postings of consecutive items.
class PostingBlock {
public:
    /// Positions must ascend from call to call.
    void add(std::uint32_t position, const std::vector<std::string_view>& terms);
    bool empty() const { return postings_.empty(); }
    /// Approximate size in bytes, including the memory needed for sorting.
    std::size_t memory() const;

    /// The collected postings, in memory. The block must outlive the run.
    std::unique_ptr<PostingRun> in_memory();
    /// The collected postings, in a temporary file beside `target`; empties the block.
    std::unique_ptr<PostingRun> spill(const std::filesystem::path& target);

private:
    struct Term {
        std::size_t text;
        std::uint32_t text_size;
        std::uint32_t postings;
    };
    struct Entry {
        std::uint32_t term;
        Posting posting;
    };
    class MemoryRun;

    std::uint32_t number_of(std::string_view term);
    void grow_slots();
    std::string_view text_of(const Term& term) const {
        return std::string_view(texts_).substr(term.text, term.text_size);
    }

    std::string texts_;
    std::vector<Term> terms_;
    std::vector<std::uint32_t> slots_;  ///< term number + 1, 0 = empty
    std::vector<Entry> postings_;
    std::vector<std::uint32_t> numbers_;  ///< of one item's terms
};

}  // namespace pmatch
