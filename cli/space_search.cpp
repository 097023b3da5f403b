#include "cli/space_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/completeness.hpp"
#include "cli/open_index.hpp"
#include "cli/query_vectors.hpp"
#include "cli/self_lists.hpp"
#include "cli/stopwatch.hpp"

namespace pmatch::cli {
namespace {

LiveIndex index_of(const Collection& collection, const std::string& space, KnownVectors* known,
                   const Console& console) {
    auto blended = known != nullptr ? known->blended_index(space) : std::nullopt;
    return blended ? LiveIndex(std::move(*blended)) : open_index(collection, space, console);
}

/// Embedded queries; one of several pictures has several vectors.
class EmbeddedQueries : public AskedQueries {
public:
    EmbeddedQueries(const LiveIndex& index, const LiveFilter* filter, std::string name,
                    std::size_t count, QueryVectors embedded, const Console& console)
        : index_(index),
          filter_(filter),
          name_(std::move(name)),
          embedded_(std::move(embedded)),
          vectors_of_(count),
          problems_(count),
          console_(console) {
        for (std::size_t i = 0; i < embedded_.keys.size(); ++i)
            vectors_of_[static_cast<std::size_t>(embedded_.keys[i].row)].push_back(i);
        for (const auto& skipped : embedded_.problems)
            problems_[static_cast<std::size_t>(skipped.key.row)] = skipped.problem;
    }

    std::vector<ListResult> search(std::span<const std::size_t> which,
                                   const ListWanted& wanted) override {
        const Stopwatch watch;
        const auto width = static_cast<std::size_t>(index_.dim());
        std::vector<float> vectors;
        std::vector<std::size_t> owners;  // places in `which`
        for (std::size_t place = 0; place < which.size(); ++place) {
            for (const auto vector : vectors_of_[which[place]]) {
                const auto from =
                    embedded_.values.begin() + static_cast<std::ptrdiff_t>(vector * width);
                vectors.insert(vectors.end(), from, from + static_cast<std::ptrdiff_t>(width));
                owners.push_back(place);
            }
        }
        auto found = wanted.complete
                         ? index_.scores(vectors, owners.size(), filter_)
                         : index_.search_batch(vectors, owners.size(), wanted.depth, filter_);
        std::vector<ListResult> results(which.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto& list = results[owners[i]].found;
            list = list.empty() ? std::move(found[i]) : best_of_both(std::move(list), found[i]);
        }
        for (std::size_t place = 0; place < which.size(); ++place)
            results[place].problem = problems_[which[place]];
        console_.detail(fmt::format("query: space {}: {} queries: vector search {:.2f} ms", name_,
                                    which.size(), watch.milliseconds()));
        return results;
    }

private:
    const LiveIndex& index_;
    const LiveFilter* filter_;
    std::string name_;
    QueryVectors embedded_;
    std::vector<std::vector<std::size_t>> vectors_of_;  ///< by query
    std::vector<Problem> problems_;
    const Console& console_;
};

/// One space's index and encoder.
class SpaceSearch : public ListSearch {
public:
    SpaceSearch(const Collection& collection, const std::string& name, EncoderPool& encoders,
                Context& context)
        : context_(context),
          name_(name),
          record_(collection.manifest().spaces.at(name)),
          index_(index_of(collection, name, encoders.known(), context.console)),
          encoders_(encoders),
          known_(encoders.known()) {
        warn_if_incomplete(collection, name, context.console);
        if (known_ == nullptr) encoder();
        context.console.detail(fmt::format("query: space {}: {} vectors, layout {}, precision {}",
                                           name, grouped(index_.count()),
                                           index_.build_info().layout, record_.precision));
    }

    std::unique_ptr<AskedQueries> ask(std::span<const Query* const> queries,
                                      QueryPart part) override {
        const bool known = are_known(queries, part);
        if (!known || !known_->alone() || filter_) return embedded(queries, part, known);
        if (!self_) self_.emplace(index_, name_, context_.console);
        std::vector<std::int64_t> rows;
        for (const auto* query : queries)
            rows.push_back(query->row);
        const std::vector<const Query*> kept(queries.begin(), queries.end());
        return queries_of_items(*self_, std::move(rows),
                                [this, kept, part] { return embedded(kept, part, true); });
    }
    void restrict_to(const RowSet& rows) override { filter_.emplace(index_.filter(rows)); }
    bool exact() const override { return index_.exact(); }
    std::int64_t count() const override { return index_.count(); }

private:
    std::unique_ptr<AskedQueries> embedded(std::span<const Query* const> queries, QueryPart part,
                                           bool known) {
        const Stopwatch watch;
        auto vectors = known ? vectors_of_items(queries, known_->of(name_))
                             : embed_queries(queries, part, record_.source, encoder(),
                                             context_.options.threads);
        context_.console.detail(fmt::format("query: space {}: {} queries: encode {:.1f} ms", name_,
                                            queries.size(), watch.milliseconds()));
        return std::make_unique<EmbeddedQueries>(index_, filter_ ? &*filter_ : nullptr, name_,
                                                 queries.size(), std::move(vectors),
                                                 context_.console);
    }

    /// An item's own picture or text was embedded; a text asked in a picture space was not.
    bool are_known(std::span<const Query* const> queries, QueryPart part) const {
        return known_ != nullptr && (part == QueryPart::kImage) == (record_.source == "image") &&
               std::all_of(queries.begin(), queries.end(),
                           [](const Query* query) { return query->row >= 0; });
    }

    Encoder& encoder() {
        if (encoder_ == nullptr) {
            encoder_ = &encoders_.encoder_of(record_, name_);
            context_.console.detail(fmt::format("query: space {}: model {} on {}", name_,
                                                record_.model, encoder_->info().device));
        }
        return *encoder_;
    }

    Context& context_;
    std::string name_;
    SpaceRecord record_;
    LiveIndex index_;
    std::optional<LiveFilter> filter_;
    EncoderPool& encoders_;
    Encoder* encoder_ = nullptr;
    KnownVectors* known_;
    std::optional<SelfLists> self_;  ///< where the queries are the items that are searched
};

}  // namespace

std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              EncoderPool& encoders, Context& context) {
    return std::make_unique<SpaceSearch>(collection, name, encoders, context);
}

}  // namespace pmatch::cli
