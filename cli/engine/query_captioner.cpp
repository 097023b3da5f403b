#include "cli/engine/query_captioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/common/source.hpp"
#include "core/pipeline/caption_pipeline.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kWindow = 32;  // pictures

/// Pictures of the queries that have no such caption yet.
std::vector<EmbeddingInput> pictures_of(const std::vector<Query>& queries, const Source& captions) {
    std::vector<EmbeddingInput> items;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto& query = queries[number];
        if (!query.problem.code.empty() || query.fields.contains(captions.name())) continue;
        for (std::size_t i = 0; i < query.pictures.size(); ++i) {
            auto& item = items.emplace_back();
            item.key.row = static_cast<std::int64_t>(number);
            item.key.ordinal = static_cast<std::int32_t>(i);
            item.picture = query.pictures[i];
        }
    }
    return items;
}

/// Provides inputs in memory in windows.
class PictureSource : public WorkSource {
public:
    explicit PictureSource(std::vector<EmbeddingInput> items) : items_(std::move(items)) {}

    std::vector<EmbeddingInput> next_window() override {
        const auto count = std::min(kWindow, items_.size() - next_);
        const auto from = items_.begin() + static_cast<std::ptrdiff_t>(next_);
        next_ += count;
        return {std::make_move_iterator(from),
                std::make_move_iterator(from + static_cast<std::ptrdiff_t>(count))};
    }

private:
    std::vector<EmbeddingInput> items_;
    std::size_t next_ = 0;
};

class QuerySink : public CaptionSink {
public:
    QuerySink(std::vector<Query>& queries, const Source& captions, const Observer& observer)
        : queries_(queries), captions_(captions), observer_(observer) {}

    void append(std::vector<CaptionEntry> window) override {
        for (const auto& entry : window) {
            auto& query = queries_[static_cast<std::size_t>(entry.key.row)];
            if (!entry.good()) {
                report(query, entry.problem);
                continue;
            }
            auto& caption = query.fields[captions_.name()];
            caption += (caption.empty() ? "" : "\n") + entry.caption;
        }
    }

private:
    /// Most pictures show no code, which is no news.
    void report(const Query& query, const Problem& problem) const {
        const auto text = fmt::format("query {}: its picture has no {}: {}: {}", query.id,
                                      captions_.caption_name(), problem.code, problem.detail);
        is_nothing_to_read(problem) ? observer_.detail(text) : observer_.warning(text);
    }

    std::vector<Query>& queries_;
    const Source& captions_;
    const Observer& observer_;
};

}  // namespace

QueryCaptioner::QueryCaptioner(Source captions, CaptionsRecord record, const ModelOpener& models,
                               Execution loading)
    : captions_(std::move(captions)),
      record_(std::move(record)),
      models_(models),
      loading_(loading) {}

void QueryCaptioner::describe(std::vector<Query>& queries, const Asking& asking) {
    auto pictures = pictures_of(queries, captions_);
    if (pictures.empty()) return;
    if (!captioner_) {
        captioner_ = models_.captioner(record_, loading_);
        const auto& info = captioner_->info();
        asking.execution.observer.detail(fmt::format("query: captions by {} on {}, precision {}",
                                                     info.name, info.device, info.precision));
    }
    PictureSource source(std::move(pictures));
    const FilePictureReader reader;
    QuerySink sink(queries, captions_, asking.execution.observer);
    CaptionOptions options;
    options.workers = asking.execution.threads;
    options.check_content = false;
    caption(source, reader, *captioner_, sink, options);
}

}  // namespace pmatch
