#include "cli/lexical_search.hpp"

#include <fmt/format.h>

#include <chrono>

#include "data/lexical.hpp"

namespace pmatch::cli {
namespace {

class LexicalSearch : public ListSearch {
public:
    LexicalSearch(const Collection& collection, const std::string& name, Context& context)
        : context_(context), name_(name), index_(open_lexical_index(collection, name)) {
        const auto& info = index_.info();
        context.console.detail(fmt::format("query: lexical {}: {} texts, {} terms, k1 {}, b {}",
                                           name, grouped(info.items), grouped(info.terms),
                                           info.options.k1, info.options.b));
    }

    bool can_answer(const Query& query) const override {
        return !text_for(index_.info().source, query).empty();
    }

    std::vector<ListResult> search(std::span<const Query* const> queries, int top) override {
        using Clock = std::chrono::steady_clock;
        const int threads = context_.options.threads;
        std::vector<std::string_view> texts;
        texts.reserve(queries.size());
        for (const auto* query : queries)
            texts.emplace_back(text_for(index_.info().source, *query));
        const auto start = Clock::now();
        const auto prepared = index_.prepare_batch(texts, threads);
        const auto between = Clock::now();
        auto found = index_.search_batch(prepared, top, threads);
        const auto end = Clock::now();
        std::vector<ListResult> results(found.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            results[i].found = std::move(found[i]);
        const auto milliseconds = [](auto span) {
            return std::chrono::duration<double, std::milli>(span).count();
        };
        context_.console.detail(fmt::format(
            "query: lexical {}: {} queries: terms {:.3f} ms, search {:.3f} ms", name_,
            queries.size(), milliseconds(between - start), milliseconds(end - between)));
        return results;
    }

private:
    Context& context_;
    std::string name_;
    Bm25Index index_;
};

}  // namespace

Bm25Index open_lexical_index(const Collection& collection, const std::string& name) {
    const auto& manifest = collection.manifest();
    const auto& record = manifest.lexical.at(name);
    if (!is_current(manifest, record)) {
        throw Error{
            fmt::format("the texts have changed since the lexical index {} was built", name),
            collection.directory().string(), lexical_command(collection.directory(), record)};
    }
    return Bm25Index::open(collection.directory() / record.file, manifest.files.at(record.file));
}

std::unique_ptr<ListSearch> open_lexical_search(const Collection& collection,
                                                const std::string& name, Context& context) {
    return std::make_unique<LexicalSearch>(collection, name, context);
}

}  // namespace pmatch::cli
