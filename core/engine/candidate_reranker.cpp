#include "core/engine/candidate_reranker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/common/stopwatch.hpp"
#include "core/text/number_text.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kCounted = 50'000;      ///< items sampled for document frequencies
constexpr std::size_t kMostRecords = 200'000;  ///< cache size; about 2 kB each

/// The first of `wanted` that is a field of the items.
std::string column_of(const std::vector<std::string>& wanted,
                      const std::vector<std::string>& fields) {
    for (const auto& name : wanted) {
        if (std::find(fields.begin(), fields.end(), name) != fields.end()) return name;
    }
    return {};
}

/// The query's value of the first of `wanted` that it has, whatever the items' column is called.
std::string first_of(const std::vector<std::string>& wanted, const Query& query) {
    for (const auto& name : wanted) {
        const auto at = query.fields.find(name);
        if (at != query.fields.end()) return at->second;
    }
    return {};
}

void keep_best(std::vector<RankedItem>& pool, int depth) {
    std::erase_if(pool, [&](const RankedItem& item) {
        return std::none_of(item.parts.begin(), item.parts.end(), [&](const ListPart& part) {
            return part.present && part.rank <= depth;
        });
    });
}

}  // namespace

std::vector<std::string> list_names(const Recipe& recipe) {
    std::vector<std::string> names;
    for (const auto& list : recipe.lists)
        names.push_back(list.name);
    return names;
}

CandidateReranker::CandidateReranker(const CollectionSource& source, const Recipe& recipe,
                                     const Execution& execution)
    : items_(source.items()),
      model_(*recipe.rescore),
      matcher_(model_, list_names(recipe)),
      text_columns_(source.text_fields()) {
    const Stopwatch watch;
    const auto fields = source.fields();
    title_column_ = column_of(model_.title, fields);
    if (title_column_.empty() && !text_columns_.empty()) title_column_ = text_columns_.front();
    price_column_ = column_of(model_.price, fields);
    mpn_column_ = column_of(model_.mpn, fields);
    brand_column_ = column_of(model_.brand, fields);
    gtin_column_ = column_of(model_.gtin, fields);
    const auto step = std::max<std::int64_t>(1, items_.count() / kCounted);
    std::int64_t number = 0;
    std::vector<std::int64_t> rows;
    items_.for_each_id([&](std::int64_t row, std::string_view) {
        if (number++ % step == 0) rows.push_back(row);
    });
    for (const auto row : rows) {
        const auto text = text_of(row);
        counts_.add(text);
        item_marks_.observe(text);
    }
    execution.observer.detail(fmt::format("query: preset {}: words of {} items counted, {:.1f} ms",
                                          recipe.name, grouped(counts_.records()),
                                          watch.milliseconds()));
}

MatchText CandidateReranker::text_of(std::int64_t row) const {
    MatchText text;
    const auto cells = items_.fields_of(row);
    const auto cell = [&](const std::string& name) {
        const auto at = std::find_if(cells.begin(), cells.end(),
                                     [&](const auto& other) { return other.first == name; });
        return at == cells.end() ? std::string() : at->second;
    };
    for (const auto& name : text_columns_) {
        const auto part = cell(name);
        if (part.empty()) continue;
        if (!text.text.empty()) text.text += ' ';
        text.text += part;
    }
    text.title = cell(title_column_);
    if (text.title.empty()) text.title = text.text;
    text.price = cell(price_column_);
    text.mpn = cell(mpn_column_);
    text.brand = cell(brand_column_);
    text.gtin = cell(gtin_column_);
    item_marks_.apply(text);
    return text;
}

MatchText CandidateReranker::text_of(const Query& query) const {
    const auto title = query.fields.find(title_column_);
    return {query.text,
            title == query.fields.end() ? query.text : title->second,
            first_of(model_.price, query),
            first_of(model_.mpn, query),
            first_of(model_.brand, query),
            first_of(model_.gtin, query)};
}

/// Queries that come together are of one origin, which may write numbers otherwise than the items.
std::vector<MatchText> CandidateReranker::texts_of(std::span<const Query* const> queries) const {
    std::vector<MatchText> texts;
    DecimalMarks marks;
    for (const auto* query : queries) {
        texts.push_back(text_of(*query));
        marks.observe(texts.back());
    }
    for (auto& text : texts)
        marks.apply(text);
    return texts;
}

/// Reads the items of the pools that are not cached. Two threads may read the same one.
CandidateReranker::Records CandidateReranker::records_of(std::span<std::vector<RankedItem>*> pools,
                                                         int threads) const {
    Records records;
    std::vector<std::pair<std::int64_t, RecordPtr*>> wanted;
    {
        const std::shared_lock lock(mutex_);
        for (const auto* pool : pools) {
            for (const auto& item : *pool) {
                const auto [at, fresh] = records.try_emplace(item.row);
                if (!fresh) continue;
                const auto met = met_.find(item.row);
                if (met != met_.end()) {
                    at->second = met->second;
                } else {
                    wanted.emplace_back(item.row, &at->second);
                }
            }
        }
    }
    for_pieces(wanted.size(), threads, [&](std::size_t begin, std::size_t end) {
        RecordReader reader(counts_);
        for (auto i = begin; i < end; ++i)
            *wanted[i].second =
                std::make_shared<const MatchRecord>(reader.read(text_of(wanted[i].first)));
    });
    if (wanted.empty()) return records;
    const std::lock_guard lock(mutex_);
    if (met_.size() > kMostRecords) met_.clear();
    for (const auto& [row, record] : wanted)
        met_.insert_or_assign(row, *record);
    return records;
}

FeatureRows CandidateReranker::score_pool(RecordReader& reader, const MatchText& query,
                                          std::vector<RankedItem>& pool,
                                          const Records& records) const {
    const auto record = reader.read(query);
    std::vector<const MatchRecord*> items;
    for (const auto& item : pool)
        items.push_back(records.at(item.row).get());
    auto features = matcher_.features(record, pool, items);
    const auto scores = matcher_.scores(features);
    const auto odds = matcher_.odds(features);
    for (std::size_t n = 0; n < pool.size(); ++n) {
        pool[n].score = scores[n];
        pool[n].odds = odds[n];
    }
    return features;
}

void CandidateReranker::score(std::span<const Query* const> queries,
                              std::span<std::vector<RankedItem>*> pools, int depth,
                              FeatureSink* features, const Execution& execution) const {
    const Stopwatch watch;
    const int deepest = std::max(depth, model_.candidates);
    for (auto* pool : pools)
        keep_best(*pool, deepest);
    const auto records = records_of(pools, execution.threads);
    const auto texts = texts_of(queries);
    const auto loaded = watch.milliseconds();
    std::vector<FeatureRows> rows(features != nullptr ? pools.size() : 0);
    for_pieces(pools.size(), execution.threads, [&](std::size_t begin, std::size_t end) {
        RecordReader reader(counts_);
        for (auto i = begin; i < end; ++i) {
            if (pools[i]->empty()) continue;
            auto scored = score_pool(reader, texts[i], *pools[i], records);
            if (features != nullptr) rows[i] = std::move(scored);
        }
    });
    for (std::size_t i = 0; i < rows.size(); ++i)
        features->add(*pools[i], std::move(rows[i]), matcher_.feature_names());
    execution.observer.detail(
        fmt::format("query: {} queries: items read {:.2f} ms, scored {:.2f} ms", queries.size(),
                    loaded, watch.milliseconds() - loaded));
}

}  // namespace pmatch
