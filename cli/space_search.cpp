#include "cli/space_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "cli/completeness.hpp"
#include "cli/open_index.hpp"
#include "cli/stopwatch.hpp"
#include "core/embed_pipeline.hpp"
#include "data/image_reader.hpp"

namespace pmatch::cli {
namespace {

/// Inputs of one kind, all given in one go; windows are cut to the encoder's batch.
class ListSource : public WorkSource {
public:
    ListSource(std::vector<WorkItem> items, std::size_t window)
        : items_(std::move(items)), window_(window) {}

    std::vector<WorkItem> next_window() override {
        const auto count = std::min(window_, items_.size() - next_);
        const auto from = items_.begin() + static_cast<std::ptrdiff_t>(next_);
        next_ += count;
        return {std::make_move_iterator(from),
                std::make_move_iterator(from + static_cast<std::ptrdiff_t>(count))};
    }

private:
    std::vector<WorkItem> items_;
    std::size_t window_;
    std::size_t next_ = 0;
};

/// Keeps everything: `row` of a key is the query's number.
class ListSink : public EmbeddingSink {
public:
    void append(EmbeddedWindow window) override {
        keys.insert(keys.end(), window.keys.begin(), window.keys.end());
        vectors.insert(vectors.end(), window.vectors.begin(), window.vectors.end());
        for (auto& skipped : window.skipped)
            problems.push_back(std::move(skipped));
    }

    std::vector<VectorKey> keys;
    std::vector<float> vectors;
    std::vector<SkippedInput> problems;
};

/// A query may have several pictures: an item counts with its best for any of them.
std::vector<Neighbour> best_of(std::vector<Neighbour> a, const std::vector<Neighbour>& b) {
    std::map<std::int64_t, float> best;
    for (const auto* list : {&std::as_const(a), &b}) {
        for (const auto& hit : *list) {
            const auto [at, fresh] = best.emplace(hit.row, hit.score);
            if (!fresh) at->second = std::max(at->second, hit.score);
        }
    }
    a.clear();
    for (const auto& [row, score] : best)
        a.push_back({row, score});
    return a;
}

std::vector<WorkItem> work(std::span<const Query* const> queries, QueryPart part,
                           const std::string& source) {
    std::vector<WorkItem> items;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto& query = *queries[number];
        if (part == QueryPart::kText) {
            WorkItem item;
            item.key.row = static_cast<std::int64_t>(number);
            item.text = text_for(source, query);
            items.push_back(std::move(item));
            continue;
        }
        for (std::size_t i = 0; i < query.pictures.size(); ++i) {
            WorkItem item;
            item.key.row = static_cast<std::int64_t>(number);
            item.key.ordinal = static_cast<std::int32_t>(i);
            item.picture = query.pictures[i];
            items.push_back(std::move(item));
        }
    }
    return items;
}

ListSink embed_queries(std::vector<WorkItem> items, QueryPart part, Encoder& encoder, int threads) {
    EmbedOptions options;
    options.workers = threads;
    options.role = TextRole::kQuery;
    options.check_content = false;
    const bool pictures = part == QueryPart::kImage;
    ListSource source(std::move(items), pictures ? options.picture_batch : std::size_t{1024});
    ListSink sink;
    const FilePictureReader reader;
    std::array<Encoder*, 1> encoders{&encoder};
    embed(source, reader, encoders, sink, options);
    return sink;
}

/// Embedded queries; one of several pictures has several vectors.
class EmbeddedQueries : public AskedQueries {
public:
    EmbeddedQueries(const LiveIndex& index, const LiveFilter* filter, std::string name,
                    std::size_t count, ListSink embedded, const Console& console)
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
                    embedded_.vectors.begin() + static_cast<std::ptrdiff_t>(vector * width);
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
            list = list.empty() ? std::move(found[i]) : best_of(std::move(list), found[i]);
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
    ListSink embedded_;
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
          index_(open_index(collection, name, context.console)),
          encoder_(encoders.encoder_of(record_, name)) {
        warn_if_incomplete(collection, name, context.console);
        context.console.detail(
            fmt::format("query: space {}: {} vectors, layout {}, model {} on {}, precision {}",
                        name, grouped(index_.count()), index_.build_info().layout, record_.model,
                        encoder_.info().device, record_.precision));
    }

    std::unique_ptr<AskedQueries> ask(std::span<const Query* const> queries,
                                      QueryPart part) override {
        const Stopwatch watch;
        auto embedded = embed_queries(work(queries, part, record_.source), part, encoder_,
                                      context_.options.threads);
        context_.console.detail(fmt::format("query: space {}: {} queries: encode {:.1f} ms", name_,
                                            queries.size(), watch.milliseconds()));
        return std::make_unique<EmbeddedQueries>(index_, filter_ ? &*filter_ : nullptr, name_,
                                                 queries.size(), std::move(embedded),
                                                 context_.console);
    }
    void restrict_to(const RowSet& rows) override { filter_.emplace(index_.filter(rows)); }
    bool exact() const override { return index_.exact(); }
    std::int64_t count() const override { return index_.count(); }

private:
    Context& context_;
    std::string name_;
    SpaceRecord record_;
    LiveIndex index_;
    std::optional<LiveFilter> filter_;
    Encoder& encoder_;
};

}  // namespace

std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              EncoderPool& encoders, Context& context) {
    return std::make_unique<SpaceSearch>(collection, name, encoders, context);
}

}  // namespace pmatch::cli
