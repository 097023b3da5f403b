#include "core/lexical/posting_block.hpp"

#include <algorithm>
#include <numeric>

#include "core/files/hash.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kFirstSlots = 1024;

/// Record header read by SpilledRun: per term the sizes, its bytes, its postings.
struct SpilledSizes {
    std::uint32_t text;
    std::uint32_t postings;
};

class SpilledRun : public PostingRun {
public:
    SpilledRun(SpoolFile file, std::size_t terms) : file_(std::move(file)), left_(terms) {
        file_.rewind();
    }

    bool next() override {
        if (waiting_) postings();
        if (left_ == 0) return false;
        --left_;
        SpilledSizes sizes{};
        file_.read(&sizes, sizeof sizes);
        term_.resize(sizes.text);
        file_.read(term_.data(), term_.size());
        postings_.resize(sizes.postings);
        waiting_ = true;
        return true;
    }
    std::string_view term() const override { return term_; }
    std::size_t size() const override { return postings_.size(); }
    const std::vector<Posting>& postings() override {
        file_.read(postings_.data(), postings_.size() * sizeof(Posting));
        waiting_ = false;
        return postings_;
    }

private:
    SpoolFile file_;
    std::size_t left_;
    std::string term_;
    std::vector<Posting> postings_;
    bool waiting_ = false;  ///< the current term's postings have not been read yet
};

}  // namespace

/// Sorts postings by term on construction, stable in their positions.
class PostingBlock::MemoryRun : public PostingRun {
public:
    explicit MemoryRun(const PostingBlock& block)
        : block_(block),
          order_(block.terms_.size()),
          starts_(block.terms_.size() + 1),
          sorted_(block.postings_.size()) {
        for (std::size_t i = 0; i < block.terms_.size(); ++i)
            starts_[i + 1] = starts_[i] + block.terms_[i].postings;
        auto at = starts_;
        for (const auto& entry : block.postings_)
            sorted_[at[entry.term]++] = entry.posting;
        std::iota(order_.begin(), order_.end(), 0U);
        std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
            return block.text_of(block.terms_[a]) < block.text_of(block.terms_[b]);
        });
    }

    bool next() override { return ++current_ <= order_.size(); }
    std::string_view term() const override { return block_.text_of(block_.terms_[number()]); }
    std::size_t size() const override { return block_.terms_[number()].postings; }
    const std::vector<Posting>& postings() override {
        const auto first = sorted_.begin() + static_cast<std::ptrdiff_t>(starts_[number()]);
        postings_.assign(first, first + static_cast<std::ptrdiff_t>(size()));
        return postings_;
    }

private:
    std::uint32_t number() const { return order_[current_ - 1]; }

    const PostingBlock& block_;
    std::vector<std::uint32_t> order_;
    std::vector<std::size_t> starts_;
    std::vector<Posting> sorted_;
    std::vector<Posting> postings_;
    std::size_t current_ = 0;
};

void PostingBlock::grow_slots() {
    slots_.assign(std::max(kFirstSlots, slots_.size() * 2), 0);
    const auto mask = slots_.size() - 1;
    for (std::uint32_t number = 0; number < terms_.size(); ++number) {
        auto slot = hash64(text_of(terms_[number])) & mask;
        while (slots_[slot] != 0)
            slot = (slot + 1) & mask;
        slots_[slot] = number + 1;
    }
}

std::uint32_t PostingBlock::number_of(std::string_view term) {
    if (terms_.size() * 2 >= slots_.size()) grow_slots();
    const auto mask = slots_.size() - 1;
    auto slot = hash64(term) & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if (text_of(terms_[slots_[slot] - 1]) == term) return slots_[slot] - 1;
    }
    terms_.push_back({texts_.size(), static_cast<std::uint32_t>(term.size()), 0});
    texts_ += term;
    slots_[slot] = static_cast<std::uint32_t>(terms_.size());
    return slots_[slot] - 1;
}

void PostingBlock::add(std::uint32_t position, const std::vector<std::string_view>& terms) {
    numbers_.clear();
    for (const auto& term : terms)
        numbers_.push_back(number_of(term));
    std::sort(numbers_.begin(), numbers_.end());
    for (std::size_t i = 0; i < numbers_.size();) {
        const auto number = numbers_[i];
        std::uint32_t count = 0;
        for (; i < numbers_.size() && numbers_[i] == number; ++i)
            ++count;
        postings_.push_back({number, {position, count}});
        ++terms_[number].postings;
    }
}

std::size_t PostingBlock::memory() const {
    return texts_.size() + terms_.size() * (sizeof(Term) + 12) + slots_.size() * 4 +
           postings_.size() * (sizeof(Entry) + sizeof(Posting));
}

std::unique_ptr<PostingRun> PostingBlock::in_memory() {
    return std::make_unique<MemoryRun>(*this);
}

std::unique_ptr<PostingRun> PostingBlock::spill(const std::filesystem::path& target) {
    SpoolFile file(target);
    {
        MemoryRun run(*this);
        while (run.next()) {
            const auto term = run.term();
            const SpilledSizes sizes{static_cast<std::uint32_t>(term.size()),
                                     static_cast<std::uint32_t>(run.size())};
            file.write(&sizes, sizeof sizes);
            file.write(term.data(), term.size());
            const auto& postings = run.postings();
            file.write(postings.data(), postings.size() * sizeof(Posting));
        }
    }
    const auto terms = terms_.size();
    *this = {};
    return std::make_unique<SpilledRun>(std::move(file), terms);
}

}  // namespace pmatch
