#include "core/lexical/bm25.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <functional>
#include <utility>

#include "core/common/error.hpp"
#include "core/files/verified_map.hpp"
#include "core/lexical/bm25_file.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

/// Items are scored in blocks whose sums fit into the L1 cache.
constexpr std::size_t kBlock = 4096;
/// Number of sums tested together, as nearly none of them is good enough.
constexpr std::size_t kStep = 64;

/// Number of groups of sums whose maxima give the first threshold.
constexpr std::size_t kGroups = 64;
static_assert(kBlock % kStep == 0 && kBlock % kGroups == 0);

using Sums = std::array<float, kBlock>;

/// One term of a query and the current place in its posting list.
struct ListCursor {
    const std::uint32_t* position = nullptr;  ///< null for a dense term
    const std::uint32_t* last = nullptr;
    const float* value = nullptr;
    float count = 0;
};

std::vector<ListCursor> cursors_of(const Bm25Sections& sections, const Bm25Query& query) {
    std::vector<ListCursor> lists;
    lists.reserve(query.terms.size());
    for (const auto& [number, count] : query.terms) {
        const auto& term = sections.terms[number];
        ListCursor list;
        list.value = sections.values(term).data();
        list.count = count;
        if (!is_dense(term.items, sections.rows.size())) {
            const auto positions = sections.positions(term);
            list.position = positions.data();
            list.last = positions.data() + positions.size();
        }
        lists.push_back(list);
    }
    return lists;
}

/// Adds the terms' contributions to the items first .. first + count - 1.
void sum_block(std::vector<ListCursor>& lists, std::size_t first, std::size_t count, Sums& sums) {
    sums.fill(0.0F);
    float* const sum = sums.data();
    const auto end = first + count;
    for (auto& list : lists) {
        // Copies: for the compiler, a store to a sum may alias the originals.
        const float times = list.count;
        const auto* value = list.value;
        if (list.position == nullptr) {
            value += first;
            for (std::size_t i = 0; i < count; ++i)
                sum[i] += times * value[i];
            continue;
        }
        const auto* position = list.position;
        const auto* const last = list.last;
        for (; position != last && *position < end; ++position, ++value)
            sum[*position - first] += times * *value;
        list.position = position;
        list.value = value;
    }
}

/// Whether one of kStep sums reaches the threshold. No early exit, so that the compiler vectorises
/// it.
bool any_reaches(const float* sums, float threshold) {
    int any = 0;
    for (std::size_t i = 0; i < kStep; ++i)
        any |= sums[i] >= threshold ? 1 : 0;
    return any != 0;
}

/// Keeps the top k of all offered sums.
class Best {
public:
    struct Candidate {
        float score;
        std::uint32_t position;
    };

    Best(std::size_t k, const Bm25Sections& sections, const RowSet* allowed)
        : k_(k), sections_(sections), allowed_(allowed) {
        found_.reserve(std::min(limit(), sections.rows.size()) + kStep);
    }

    /// The sums of the items first .. first + count - 1; those after are 0.
    void offer(const Sums& sums, std::size_t first, std::size_t count) {
        if (first == 0 && allowed_ == nullptr) raise_threshold(sums);
        for (std::size_t start = 0; start < count; start += kStep) {
            if (!any_reaches(sums.data() + start, threshold_)) continue;
            for (std::size_t i = start; i < start + kStep; ++i) {
                if (sums[i] >= threshold_) add({sums[i], static_cast<std::uint32_t>(first + i)});
            }
        }
    }

    std::vector<Neighbour> take() {
        const auto order = [this](const Candidate& a, const Candidate& b) { return better(a, b); };
        std::sort(found_.begin(), found_.end(), order);
        if (found_.size() > k_) found_.resize(k_);
        std::vector<Neighbour> result;
        result.reserve(found_.size());
        for (const auto& [score, position] : found_)
            result.push_back({sections_.rows[position], score});
        return result;
    }

private:
    /// The k-th highest of the maxima of k or more groups: at least k items reach it.
    void raise_threshold(const Sums& sums) {
        std::array<float, kGroups> most{};
        if (k_ > most.size()) return;
        for (std::size_t start = 0; start < kBlock; start += kGroups) {
            for (std::size_t i = 0; i < kGroups; ++i)
                most[i] = sums[start + i] > most[i] ? sums[start + i] : most[i];
        }
        const auto kth = most.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
        std::nth_element(most.begin(), kth, most.end(), std::greater<>());
        threshold_ = std::max(threshold_, *kth);
    }

    std::size_t limit() const { return std::max<std::size_t>(2 * k_, 64); }

    bool better(const Candidate& a, const Candidate& b) const {
        if (a.score != b.score) return a.score > b.score;
        return sections_.order[a.position] < sections_.order[b.position];
    }

    void add(Candidate candidate) {
        if (allowed_ != nullptr && !allowed_->contains(sections_.rows[candidate.position])) return;
        found_.push_back(candidate);
        if (found_.size() < limit()) return;
        const auto kth = found_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
        std::nth_element(found_.begin(), kth, found_.end(),
                         [this](const Candidate& a, const Candidate& b) { return better(a, b); });
        threshold_ = kth->score;
        found_.resize(k_);
    }

    std::size_t k_;
    const Bm25Sections& sections_;
    const RowSet* allowed_;
    float threshold_ = FLT_TRUE_MIN;  ///< items without a common term are no answers
    std::vector<Candidate> found_;
};

Bm25Info info_of(const Bm25Header& header) {
    Bm25Info info;
    info.options = {static_cast<Analyser>(header.analyser), header.k1, header.b};
    info.analyser_version = static_cast<int>(header.analyser_version);
    info.source = Source::parse(header.source.data());
    info.stamp.assign(header.stamp.data(),
                      std::find(header.stamp.begin(), header.stamp.end(), '\0'));
    info.generation = header.generation;
    info.items = static_cast<std::int64_t>(header.items);
    info.terms = static_cast<std::int64_t>(header.terms);
    info.postings = static_cast<std::int64_t>(header.postings);
    return info;
}

}  // namespace

struct Bm25Index::State {
    MappedFile file;
    Bm25Sections sections;
    Bm25Info info;

    /// The term's number, or `terms` when there is none.
    std::size_t find(std::string_view term) const {
        const auto mask = sections.slots.size() - 1;
        auto slot = static_cast<std::size_t>(hash64(term)) & mask;
        for (std::size_t tries = 0; tries <= mask; ++tries, slot = (slot + 1) & mask) {
            const std::size_t number = sections.slots[slot];
            if (number == 0) break;
            if (sections.text_of(sections.terms[number - 1]) == term) return number - 1;
        }
        return sections.terms.size();
    }

    TermSplitter make_splitter() const {
        return TermSplitter(info.options.analyser, info.analyser_version);
    }

    Bm25Query prepare(TermSplitter& splitter, std::string_view text) const {
        std::vector<std::uint32_t> numbers;
        for (const auto& term : splitter.split(text)) {
            const auto number = find(term);
            if (number < sections.terms.size())
                numbers.push_back(static_cast<std::uint32_t>(number));
        }
        std::sort(numbers.begin(), numbers.end());
        Bm25Query query;
        query.terms.reserve(numbers.size());
        for (const auto number : numbers) {
            if (query.terms.empty() || query.terms.back().number != number)
                query.terms.push_back({number, 0});
            ++query.terms.back().count;
        }
        return query;
    }
};

Bm25Index::Bm25Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Bm25Index::~Bm25Index() = default;
Bm25Index::Bm25Index(Bm25Index&&) noexcept = default;
Bm25Index& Bm25Index::operator=(Bm25Index&&) noexcept = default;

Bm25Index Bm25Index::open(const std::filesystem::path& file, const FileRecord& expected) {
    auto state = std::make_unique<State>();
    state->file = map_verified(file, expected, bm25_remedy());
    state->sections = check_bm25(state->file.bytes(), file);
    state->info = info_of(state->sections.header);
    return Bm25Index(std::move(state));
}

const Bm25Info& Bm25Index::info() const {
    return state_->info;
}
std::span<const std::int64_t> Bm25Index::rows() const {
    return state_->sections.rows;
}

Bm25Query Bm25Index::prepare(std::string_view text) const {
    auto splitter = state_->make_splitter();
    return state_->prepare(splitter, text);
}

std::vector<Bm25Query> Bm25Index::prepare_batch(std::span<const std::string_view> texts,
                                                int threads) const {
    std::vector<Bm25Query> queries(texts.size());
    for_pieces(texts.size(), threads, [&](std::size_t begin, std::size_t end) {
        auto splitter = state_->make_splitter();
        for (auto i = begin; i < end; ++i)
            queries[i] = state_->prepare(splitter, texts[i]);
    });
    return queries;
}

std::vector<Neighbour> Bm25Index::search(const Bm25Query& query, int k,
                                         const RowSet* allowed) const {
    if (k < 1) throw Error{fmt::format("{} answers were asked for", k), {}, "ask for 1 or more"};
    const auto& sections = state_->sections;
    const auto items = sections.rows.size();
    auto lists = cursors_of(sections, query);
    Best best(static_cast<std::size_t>(k), sections, allowed);
    if (lists.empty()) return {};
    Sums sums;
    for (std::size_t first = 0; first < items; first += kBlock) {
        const auto count = std::min(kBlock, items - first);
        sum_block(lists, first, count, sums);
        best.offer(sums, first, count);
    }
    return best.take();
}

std::vector<std::vector<Neighbour>> Bm25Index::search_batch(std::span<const Bm25Query> queries,
                                                            int k, int threads,
                                                            const RowSet* allowed) const {
    std::vector<std::vector<Neighbour>> results(queries.size());
    for_pieces(queries.size(), threads, [&](std::size_t begin, std::size_t end) {
        for (auto i = begin; i < end; ++i)
            results[i] = search(queries[i], k, allowed);
    });
    return results;
}

std::vector<float> Bm25Index::scores(const Bm25Query& query) const {
    const auto items = state_->sections.rows.size();
    auto lists = cursors_of(state_->sections, query);
    std::vector<float> result(items);
    Sums sums;
    for (std::size_t first = 0; first < items; first += kBlock) {
        const auto count = std::min(kBlock, items - first);
        sum_block(lists, first, count, sums);
        std::copy_n(sums.begin(), count, result.begin() + static_cast<std::ptrdiff_t>(first));
    }
    return result;
}

}  // namespace pmatch
