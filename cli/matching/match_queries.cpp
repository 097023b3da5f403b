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
        if (collection.manifest().captions.empty()) return;
        items_.emplace(collection);
        for (const auto& [name, record] : collection.manifest().captions) {
            auto& feed = captions_.emplace_back(
                CaptionsFeed{Source::captions(name), items_->inputs(Source::captions(name))});
            feed.more = feed.cursor.next();
        }
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
        for (auto& captions : captions_)
            captions.add_to(query);
        return query;
    }

    /// The captions of one name, in the items' order.
    struct CaptionsFeed {
        Source source;
        InputCursor cursor;
        bool more = false;

        void add_to(Query& query) {
            for (; more && cursor.key().row <= query.row; more = cursor.next()) {
                if (cursor.key().row < query.row) continue;
                auto& caption = query.fields[source.name()];
                caption += (caption.empty() ? "" : "\n") + cursor.text();
            }
        }
    };

    ItemRecords records_;
    std::optional<RowSet> allowed_;
    bool strips_;
    std::optional<Items> items_;
    std::vector<CaptionsFeed> captions_;
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
