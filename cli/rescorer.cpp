#include "cli/rescorer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/stopwatch.hpp"
#include "core/parallel.hpp"

namespace pmatch::cli {
namespace {

constexpr std::int64_t kCounted = 50'000;      ///< items whose words are counted, evenly spread
constexpr std::size_t kMostRecords = 200'000;  ///< some 2 kB each

std::vector<std::string> list_names(const Recipe& recipe) {
    std::vector<std::string> names;
    for (const auto& list : recipe.lists)
        names.push_back(list.name);
    return names;
}

/// The first of `wanted` that the items have.
std::string column_of(const std::vector<std::string>& wanted, const ItemsRecord& record) {
    for (const auto& name : wanted) {
        for (const auto& field : record.fields) {
            if (field.name == name) return name;
        }
    }
    return {};
}

/// The first of `wanted` that the query has, whatever the items' own is called.
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

Rescorer::Rescorer(const Collection& collection, const Items& items, const Recipe& recipe,
                   FeatureSink* features, Context& context)
    : items_(items),
      model_(*recipe.rescore),
      matcher_(model_, list_names(recipe)),
      features_(features),
      context_(context) {
    const Stopwatch watch;
    const auto& record = collection.manifest().items;
    text_columns_ = record.mapping.text;
    title_column_ = column_of(model_.title, record);
    if (title_column_.empty() && !text_columns_.empty()) title_column_ = text_columns_.front();
    price_column_ = column_of(model_.price, record);
    mpn_column_ = column_of(model_.mpn, record);
    brand_column_ = column_of(model_.brand, record);
    const auto step = std::max<std::int64_t>(1, items.count() / kCounted);
    std::int64_t number = 0;
    std::vector<std::int64_t> rows;
    items.for_each_id([&](std::int64_t row, std::string_view) {
        if (number++ % step == 0) rows.push_back(row);
    });
    for (const auto row : rows)
        counts_.add(text_of(row));
    context_.console.detail(fmt::format("query: preset {}: words of {} items counted, {:.1f} ms",
                                        recipe.name, grouped(counts_.records()),
                                        watch.milliseconds()));
}

Rescorer::~Rescorer() = default;

MatchText Rescorer::text_of(std::int64_t row) const {
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
    return text;
}

MatchText Rescorer::text_of(const Query& query) const {
    const auto title = query.fields.find(title_column_);
    return {query.text, title == query.fields.end() ? query.text : title->second,
            first_of(model_.price, query), first_of(model_.mpn, query),
            first_of(model_.brand, query)};
}

/// Reads the items of the pools that were not met before.
void Rescorer::load(std::span<std::vector<RankedItem>*> pools) {
    if (records_.size() > kMostRecords) records_.clear();
    std::vector<std::pair<std::int64_t, MatchRecord*>> wanted;
    for (const auto* pool : pools) {
        for (const auto& item : *pool) {
            const auto [at, fresh] = records_.try_emplace(item.row);
            if (fresh) wanted.emplace_back(item.row, &at->second);
        }
    }
    for_pieces(wanted.size(), context_.options.threads, [&](std::size_t begin, std::size_t end) {
        RecordReader reader(counts_);
        for (auto i = begin; i < end; ++i)
            *wanted[i].second = reader.read(text_of(wanted[i].first));
    });
}

void Rescorer::score(std::span<const Query* const> queries,
                     std::span<std::vector<RankedItem>*> pools, int depth) {
    const Stopwatch watch;
    const int deepest = std::max(depth, model_.candidates);
    for (auto* pool : pools)
        keep_best(*pool, deepest);
    load(pools);
    const auto loaded = watch.milliseconds();
    std::vector<FeatureRows> rows(features_ != nullptr ? pools.size() : 0);
    for_pieces(pools.size(), context_.options.threads, [&](std::size_t begin, std::size_t end) {
        RecordReader reader(counts_);
        for (auto i = begin; i < end; ++i) {
            auto& pool = *pools[i];
            if (pool.empty()) continue;
            const auto query = reader.read(text_of(*queries[i]));
            std::vector<const MatchRecord*> items;
            for (const auto& item : pool)
                items.push_back(&records_.at(item.row));
            auto features = matcher_.features(query, pool, items);
            const auto scores = matcher_.scores(features);
            const auto odds = matcher_.odds(features);
            for (std::size_t n = 0; n < pool.size(); ++n) {
                pool[n].score = scores[n];
                pool[n].odds = odds[n];
            }
            if (features_ != nullptr) rows[i] = std::move(features);
        }
    });
    for (std::size_t i = 0; i < rows.size(); ++i)
        features_->add(*pools[i], std::move(rows[i]), matcher_.feature_names());
    context_.console.detail(fmt::format("query: {} queries: items read {:.2f} ms, scored {:.2f} ms",
                                        queries.size(), loaded, watch.milliseconds() - loaded));
}

}  // namespace pmatch::cli
