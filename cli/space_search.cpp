#include "cli/space_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "cli/completeness.hpp"
#include "cli/open_index.hpp"
#include "core/embed_pipeline.hpp"
#include "data/image_reader.hpp"
#include "models/load_encoder.hpp"

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
    if (a.empty()) return b;
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

/// One space's index and, for texts and pictures that come in, its encoder.
class SpaceSearch : public ListSearch {
public:
    SpaceSearch(const Collection& collection, const std::string& name, Context& context)
        : context_(context),
          name_(name),
          record_(collection.manifest().spaces.at(name)),
          index_(open_index(collection, name)),
          encoder_(open_encoder(record_, name, context)) {
        warn_if_incomplete(collection, name, context.console);
        context.console.detail(
            fmt::format("query: space {}: {} vectors, layout {}, model {} on {}, precision {}",
                        name, grouped(index_.count()), index_.build_info().layout, record_.model,
                        encoder_->info().device, record_.precision));
    }

    bool can_answer(const Query& query) const override {
        return pictures() ? !query.pictures.empty() : !text_for(record_.source, query).empty();
    }
    std::vector<ListResult> search(std::span<const Query* const> queries, int top) override;

private:
    bool pictures() const { return record_.source == "image"; }
    std::vector<WorkItem> work(std::span<const Query* const> queries) const;
    ListSink embed_queries(std::vector<WorkItem> items);

    Context& context_;
    std::string name_;
    SpaceRecord record_;
    Index index_;
    std::unique_ptr<Encoder> encoder_;
    FilePictureReader reader_;
};

std::vector<WorkItem> SpaceSearch::work(std::span<const Query* const> queries) const {
    std::vector<WorkItem> items;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto& query = *queries[number];
        if (!pictures()) {
            WorkItem item;
            item.key.row = static_cast<std::int64_t>(number);
            item.text = text_for(record_.source, query);
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

ListSink SpaceSearch::embed_queries(std::vector<WorkItem> items) {
    EmbedOptions options;
    options.workers = context_.options.threads;
    options.role = TextRole::kQuery;
    options.check_content = false;
    ListSource source(std::move(items), pictures() ? options.picture_batch : std::size_t{1024});
    ListSink sink;
    std::array<Encoder*, 1> encoders{encoder_.get()};
    embed(source, reader_, encoders, sink, options);
    return sink;
}

std::vector<ListResult> SpaceSearch::search(std::span<const Query* const> queries, int top) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto embedded = embed_queries(work(queries));
    const auto between = Clock::now();
    const auto found = index_.search_batch(embedded.vectors, embedded.keys.size(), top);
    std::vector<ListResult> results(queries.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        auto& list = results[static_cast<std::size_t>(embedded.keys[i].row)].found;
        list = best_of(std::move(list), found[i]);
    }
    for (const auto& skipped : embedded.problems) {
        results[static_cast<std::size_t>(skipped.key.row)].problem = skipped.problem;
    }
    const auto milliseconds = [](auto span) {
        return std::chrono::duration<double, std::milli>(span).count();
    };
    context_.console.detail(fmt::format(
        "query: space {}: {} queries: encode {:.1f} ms, search {:.1f} ms", name_, queries.size(),
        milliseconds(between - start), milliseconds(Clock::now() - between)));
    return results;
}

}  // namespace

std::unique_ptr<ListSearch> open_space_search(const Collection& collection, const std::string& name,
                                              Context& context) {
    return std::make_unique<SpaceSearch>(collection, name, context);
}

}  // namespace pmatch::cli
