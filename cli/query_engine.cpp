#include "cli/query_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/open_index.hpp"
#include "core/embed_pipeline.hpp"
#include "core/index.hpp"
#include "core/ranked_search.hpp"
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

std::vector<SpaceSummary> summaries(const Manifest& manifest) {
    std::vector<SpaceSummary> spaces;
    for (const auto& [name, record] : manifest.spaces)
        spaces.push_back({name, record.source});
    return spaces;
}

/// What a text space compares: the query's column of that name where it has one, else its text.
const std::string& text_for(const SpaceRecord& space, const Query& query) {
    const auto field = query.fields.find(space.source);
    return field != query.fields.end() ? field->second : query.text;
}

bool has_input_for(const SpaceRecord& space, const Query& query) {
    return space.source == "image" ? !query.pictures.empty() : !text_for(space, query).empty();
}

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

}  // namespace

/// One space's index and, for texts and pictures that come in, its encoder.
class QueryEngine::SpaceSearch {
public:
    SpaceSearch(const Collection& collection, const std::string& name, Context& context)
        : context_(context),
          name_(name),
          record_(collection.manifest().spaces.at(name)),
          index_(open_index(collection, name)),
          encoder_(open_encoder(record_, name, context)) {
        context.console.detail(
            fmt::format("query: space {}: {} vectors, layout {}, model {} on {}, "
                        "precision {}",
                        name, grouped(index_.count()), index_.build_info().layout, record_.model,
                        encoder_->info().device, record_.precision));
    }

    /// Neighbours and problems by query number.
    void search(const std::vector<Query>& queries, const std::vector<std::size_t>& which, int top,
                std::vector<std::vector<Neighbour>>& hits, std::vector<Problem>& problems);

private:
    std::vector<WorkItem> work(const std::vector<Query>& queries,
                               const std::vector<std::size_t>& which) const;
    ListSink embed_queries(std::vector<WorkItem> items);

    Context& context_;
    std::string name_;
    SpaceRecord record_;
    Index index_;
    std::unique_ptr<Encoder> encoder_;
    OpenCvPictureReader reader_;
};

std::vector<WorkItem> QueryEngine::SpaceSearch::work(const std::vector<Query>& queries,
                                                     const std::vector<std::size_t>& which) const {
    std::vector<WorkItem> items;
    for (const auto number : which) {
        const auto& query = queries[number];
        if (record_.source != "image") {
            WorkItem item;
            item.key.row = static_cast<std::int64_t>(number);
            item.text = text_for(record_, query);
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

ListSink QueryEngine::SpaceSearch::embed_queries(std::vector<WorkItem> items) {
    EmbedOptions options;
    options.workers = context_.options.threads;
    options.role = TextRole::kQuery;
    options.check_content = false;
    const bool pictures = record_.source == "image";
    ListSource source(std::move(items), pictures ? options.picture_batch : std::size_t{1024});
    ListSink sink;
    std::array<Encoder*, 1> encoders{encoder_.get()};
    embed(source, reader_, encoders, sink, options);
    return sink;
}

void QueryEngine::SpaceSearch::search(const std::vector<Query>& queries,
                                      const std::vector<std::size_t>& which, int top,
                                      std::vector<std::vector<Neighbour>>& hits,
                                      std::vector<Problem>& problems) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto embedded = embed_queries(work(queries, which));
    const auto between = Clock::now();
    const auto found = index_.search_batch(embedded.vectors, embedded.keys.size(), top);
    for (std::size_t i = 0; i < found.size(); ++i) {
        auto& list = hits[static_cast<std::size_t>(embedded.keys[i].row)];
        list = best_of(std::move(list), found[i]);
    }
    for (const auto& skipped : embedded.problems) {
        problems[static_cast<std::size_t>(skipped.key.row)] = skipped.problem;
    }
    const auto milliseconds = [](auto span) {
        return std::chrono::duration<double, std::milli>(span).count();
    };
    context_.console.detail(fmt::format(
        "query: space {}: {} queries: encode {:.1f} ms, search {:.1f} ms", name_, which.size(),
        milliseconds(between - start), milliseconds(Clock::now() - between)));
}

QueryEngine::QueryEngine(const Collection& collection, const std::string& preset, Context& context)
    : collection_(collection),
      context_(context),
      preset_(preset, summaries(collection.manifest())),
      items_(collection) {}

QueryEngine::~QueryEngine() = default;

QueryEngine::SpaceSearch& QueryEngine::space(const std::string& name) {
    auto& search = spaces_[name];
    if (!search) search = std::make_unique<SpaceSearch>(collection_, name, context_);
    return *search;
}

const std::string& QueryEngine::id_of(std::int64_t row) {
    auto& id = ids_[row];
    if (id.empty()) id = items_.id_of(row);
    return id;
}

std::string QueryEngine::title_of(const std::string& id) const {
    const auto row = items_.row_of(id);
    return row ? items_.title_of(*row) : "";
}

std::vector<AnsweredQuery> QueryEngine::answer(const std::vector<Query>& queries, int top) {
    std::vector<std::vector<Neighbour>> hits(queries.size());
    std::vector<Problem> problems(queries.size());
    std::map<std::string, std::vector<std::size_t>> by_space;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        problems[i] = queries[i].problem;
        if (!problems[i].code.empty()) continue;
        const bool text = !queries[i].text.empty() || !queries[i].fields.empty();
        const auto name = preset_.space_for({!queries[i].pictures.empty(), text});
        if (name && has_input_for(collection_.space(*name), queries[i])) {
            by_space[*name].push_back(i);
        } else {
            problems[i] = {
                "nothing_to_compare",
                fmt::format("preset {} compares nothing that this query has", preset_.name())};
        }
    }
    for (const auto& [name, which] : by_space) {
        space(name).search(queries, which, top, hits, problems);
    }
    std::vector<AnsweredQuery> answered(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
        auto& [result, problem] = answered[i];
        result.query = queries[i].id;
        problem = std::move(problems[i]);
        // A query with several pictures is answered by those that could be read.
        result.failed = !problem.code.empty() && hits[i].empty();
        if (!result.failed) {
            result.answers = rank(hits[i], static_cast<std::size_t>(top),
                                  [this](std::int64_t row) { return id_of(row); });
        }
    }
    return answered;
}

}  // namespace pmatch::cli
