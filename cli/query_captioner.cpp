#include "cli/query_captioner.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/list_source.hpp"
#include "core/caption_pipeline.hpp"
#include "core/error.hpp"
#include "data/caption_store.hpp"
#include "data/image_reader.hpp"
#include "models/load_captioner.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kWindow = 32;  // pictures

/// Of the queries that are to be described: those whose caption is not given.
std::vector<WorkItem> pictures_of(const std::vector<Query>& queries) {
    std::vector<WorkItem> items;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto& query = queries[number];
        if (!query.problem.code.empty() || query.fields.contains(kCaptionSource)) continue;
        add_pictures(items, query, number);
    }
    return items;
}

class QuerySink : public CaptionSink {
public:
    QuerySink(std::vector<Query>& queries, const Console& console)
        : queries_(queries), console_(console) {}

    void append(std::vector<CaptionEntry> window) override {
        for (const auto& entry : window) {
            auto& query = queries_[static_cast<std::size_t>(entry.key.row)];
            if (!entry.good()) {
                console_.warning(fmt::format("query {}: its picture has no caption: {}: {}",
                                             query.id, entry.problem.code, entry.problem.detail));
                continue;
            }
            auto& caption = query.fields[kCaptionSource];
            caption += (caption.empty() ? "" : "\n") + entry.caption;
        }
    }

private:
    std::vector<Query>& queries_;
    const Console& console_;
};

}  // namespace

QueryCaptioner::QueryCaptioner(const CaptionsRecord& record, Context& context)
    : record_(record), context_(context) {}

void QueryCaptioner::load() {
    CaptionerOptions options;
    options.settings = {record_.prompt, record_.max_tokens, record_.view,
                        record_.repetition_penalty};
    options.load.precision = record_.precision;
    options.load.threads = context_.options.threads;
    const auto package = find_package(record_.package);
    const auto found = caption_fingerprint(package, options.settings, record_.precision);
    if (found != record_.fingerprint) {
        throw Error{fmt::format("the collection's captions were written by {} (fingerprint {}), "
                                "this package has the fingerprint {}",
                                record_.model, record_.fingerprint, found),
                    package.string(),
                    "put the package back that wrote them, or write them again: `pmatch caption "
                    "COLLECTION --model PACKAGE --replace`"};
    }
    captioner_ = load_captioner(package, options);
    const auto& info = captioner_->info();
    context_.console.detail(fmt::format("query: captions by {} on {}, precision {}", info.name,
                                        info.device, info.precision));
}

void QueryCaptioner::describe(std::vector<Query>& queries) {
    auto pictures = pictures_of(queries);
    if (pictures.empty()) return;
    if (!captioner_) load();
    ListSource source(std::move(pictures), kWindow);
    const FilePictureReader reader;
    QuerySink sink(queries, context_.console);
    CaptionOptions options;
    options.workers = context_.options.threads;
    options.check_content = false;
    caption(source, reader, *captioner_, sink, options);
}

}  // namespace pmatch::cli
