#include "cli/query_captioner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/caption_pipeline.hpp"
#include "core/error.hpp"
#include "data/caption_store.hpp"
#include "data/image_reader.hpp"
#include "models/load_captioner.hpp"

namespace pmatch::cli {
namespace {

/// All given in one go, in windows of a few pictures.
class PictureSource : public WorkSource {
public:
    explicit PictureSource(const std::vector<Query>& queries) {
        for (std::size_t number = 0; number < queries.size(); ++number) {
            const auto& query = queries[number];
            if (!query.problem.code.empty() || query.fields.contains(kCaptionSource)) continue;
            for (std::size_t i = 0; i < query.pictures.size(); ++i) {
                WorkItem item;
                item.key.row = static_cast<std::int64_t>(number);
                item.key.ordinal = static_cast<std::int32_t>(i);
                item.picture = query.pictures[i];
                items_.push_back(std::move(item));
            }
        }
    }

    bool empty() const { return items_.empty(); }

    std::vector<WorkItem> next_window() override {
        constexpr std::size_t kWindow = 32;
        const auto end = std::min(next_ + kWindow, items_.size());
        std::vector<WorkItem> window(items_.begin() + static_cast<std::ptrdiff_t>(next_),
                                     items_.begin() + static_cast<std::ptrdiff_t>(end));
        next_ = end;
        return window;
    }

private:
    std::vector<WorkItem> items_;
    std::size_t next_ = 0;
};

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
    PictureSource source(queries);
    if (source.empty()) return;
    if (!captioner_) load();
    const FilePictureReader reader;
    QuerySink sink(queries, context_.console);
    CaptionOptions options;
    options.workers = context_.options.threads;
    options.check_content = false;
    caption(source, reader, *captioner_, sink, options);
}

}  // namespace pmatch::cli
