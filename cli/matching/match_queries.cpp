#include "cli/matching/match_queries.hpp"

#include <memory>
#include <utility>

#include "core/text/markup.hpp"
#include "data/items/item_records.hpp"
#include "data/items/items.hpp"

namespace pmatch {
namespace {

class ItemsFeed {
public:
    ItemsFeed(const Collection& collection, std::optional<RowSet> allowed)
        : records_(collection),
          allowed_(std::move(allowed)),
          strips_(collection.manifest().items.mapping.html == Html::kAuto) {
        if (!collection.manifest().captions) return;
        items_.emplace(collection);
        captions_.emplace(items_->inputs(Source::captions()));
        has_caption_ = captions_->next();
    }

    std::vector<Query> next(std::size_t limit) {
        std::vector<Query> queries;
        ItemRecord record;
        while (queries.size() < limit && records_.next(record)) {
            if (allowed_ && !allowed_->contains(record.row)) continue;
            queries.push_back(query(record));
        }
        return queries;
    }

private:
    Query query(ItemRecord& record) {
        Query query;
        query.id = std::move(record.id);
        query.text = std::move(record.text);
        query.row = record.row;
        query.pictures = std::move(record.pictures);
        for (auto& [name, cell] : record.fields)
            query.fields.emplace(name, strips_ ? without_markup(cell) : std::move(cell));
        while (has_caption_ && captions_->key().row <= record.row) {
            if (captions_->key().row == record.row) {
                auto& caption = query.fields[Source::captions().name()];
                caption += (caption.empty() ? "" : "\n") + captions_->text();
            }
            has_caption_ = captions_->next();
        }
        return query;
    }

    ItemRecords records_;
    std::optional<RowSet> allowed_;
    bool strips_;
    std::optional<Items> items_;
    std::optional<InputCursor> captions_;
    bool has_caption_ = false;
};

}  // namespace

MatchQueries feed_of_items(const Collection& collection, const std::optional<RowSet>& allowed) {
    return [feed = std::make_shared<ItemsFeed>(collection, allowed)](std::size_t limit) {
        return feed->next(limit);
    };
}

MatchQueries feed_of_file(const QueryFileOptions& options, const FieldMapping& mapping) {
    return [feed = std::make_shared<QueryFileReader>(options, mapping)](std::size_t limit) {
        return feed->next(limit);
    };
}

}  // namespace pmatch
