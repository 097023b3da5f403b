/// Internal to core: which items hold which terms, collected in memory and spilled in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/spill_file.hpp"

namespace pmatch {

/// `count` times in the item at `position`.
struct Posting {
    std::uint32_t position = 0;
    std::uint32_t count = 0;
};

/// Terms in ascending bytes, one after the other, each with its postings by ascending position.
class PostingRun {
public:
    virtual ~PostingRun() = default;
    /// False at the end; the other members speak of the term this moved to.
    virtual bool next() = 0;
    virtual std::string_view term() const = 0;
    virtual std::size_t size() const = 0;
    /// Call it once for a term, or not at all.
    virtual const std::vector<Posting>& postings() = 0;
};

/// The postings of consecutive items in memory.
class PostingBlock {
public:
    /// Positions must ascend from call to call.
    void add(std::uint32_t position, const std::vector<std::string_view>& terms);
    bool empty() const { return postings_.empty(); }
    /// Bytes, about, with what sorting will take.
    std::size_t memory() const;

    /// What was collected, from memory. The block must outlive the run.
    std::unique_ptr<PostingRun> in_memory();
    /// What was collected, from a temporary file beside `target`; the block is empty afterwards.
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
