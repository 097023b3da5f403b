#include "cli/lexical_search.hpp"

#include <fmt/format.h>

#include <optional>

#include "cli/build_lexical.hpp"
#include "cli/stopwatch.hpp"
#include "data/lexical.hpp"

namespace pmatch::cli {
namespace {

/// Queries as terms.
class LexicalQueries : public AskedQueries {
public:
    LexicalQueries(const Bm25Index& index, const RowSet* allowed, std::string name,
                   std::vector<Bm25Query> prepared, Context& context)
        : index_(index),
          allowed_(allowed),
          name_(std::move(name)),
          prepared_(std::move(prepared)),
          context_(context) {}

    std::vector<ListResult> search(std::span<const std::size_t> which,
                                   const ListWanted& wanted) override {
        const Stopwatch watch;
        std::vector<ListResult> results(which.size());
        if (wanted.complete) {
            for (std::size_t i = 0; i < which.size(); ++i)
                results[i].found = all_scores(prepared_[which[i]]);
        } else {
            std::vector<Bm25Query> asked;
            asked.reserve(which.size());
            for (const auto number : which)
                asked.push_back(prepared_[number]);
            auto found =
                index_.search_batch(asked, wanted.depth, context_.options.threads, allowed_);
            for (std::size_t i = 0; i < which.size(); ++i)
                results[i].found = std::move(found[i]);
        }
        context_.console.detail(
            fmt::format("query: lexical {}: {} queries: lexical search {:.3f} "
                        "ms",
                        name_, which.size(), watch.milliseconds()));
        return results;
    }

private:
    std::vector<Neighbour> all_scores(const Bm25Query& query) const {
        const auto scores = index_.scores(query);
        std::vector<Neighbour> found;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const auto row = index_.rows()[i];
            if (allowed_ == nullptr || allowed_->contains(row)) found.push_back({row, scores[i]});
        }
        return found;
    }

    const Bm25Index& index_;
    const RowSet* allowed_;
    std::string name_;
    std::vector<Bm25Query> prepared_;
    Context& context_;
};

class LexicalSearch : public ListSearch {
public:
    LexicalSearch(const Collection& collection, const std::string& name, Context& context)
        : context_(context),
          name_(name),
          index_(open_lexical_index(collection, name, context.console)) {
        const auto& info = index_.info();
        context.console.detail(fmt::format("query: lexical {}: {} texts, {} terms, k1 {}, b {}",
                                           name, grouped(info.items), grouped(info.terms),
                                           info.options.k1, info.options.b));
    }

    std::unique_ptr<AskedQueries> ask(std::span<const Query* const> queries, QueryPart) override {
        const Stopwatch watch;
        std::vector<std::string_view> texts;
        texts.reserve(queries.size());
        for (const auto* query : queries)
            texts.emplace_back(text_for(index_.info().source, *query));
        auto prepared = index_.prepare_batch(texts, context_.options.threads);
        context_.console.detail(fmt::format("query: lexical {}: {} queries: terms {:.3f} ms", name_,
                                            queries.size(), watch.milliseconds()));
        return std::make_unique<LexicalQueries>(index_, allowed_ ? &*allowed_ : nullptr, name_,
                                                std::move(prepared), context_);
    }
    void restrict_to(const RowSet& rows) override { allowed_ = rows; }
    bool exact() const override { return true; }
    std::int64_t count() const override { return index_.info().items; }

private:
    Context& context_;
    std::string name_;
    Bm25Index index_;
    std::optional<RowSet> allowed_;
};

}  // namespace

Bm25Index open_lexical_index(const Collection& collection, const std::string& name,
                             const Console& console) {
    const auto& manifest = collection.manifest();
    const auto& record = manifest.lexical.at(name);
    if (is_current(manifest, record)) {
        return collection.files()->read(record.file, [&](const auto& path) {
            return Bm25Index::open(path, manifest.files.at(record.file));
        });
    }
    // Every score depends on how many of all texts hold a term, so old ones cannot be mended.
    const Stopwatch watch;
    auto index = build_private_lexical(collection, record, console);
    console.note(fmt::format(
        "query: the texts have changed since the lexical index {} was built: one was made for this "
        "run in {:.2f} s; `{}` makes it for all",
        name, watch.milliseconds() / 1000, lexical_command(collection.directory(), record)));
    return index;
}

std::unique_ptr<ListSearch> open_lexical_search(const Collection& collection,
                                                const std::string& name, Context& context) {
    return std::make_unique<LexicalSearch>(collection, name, context);
}

}  // namespace pmatch::cli
