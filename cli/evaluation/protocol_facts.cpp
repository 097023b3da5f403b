#include "cli/evaluation/protocol_facts.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <variant>

#include "core/index/index_sidecar.hpp"
#include "data/ingest/picture_hash.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kSampledQueries = 2000;
constexpr std::int64_t kSampledItems = 500;
constexpr std::size_t kTrueItemsPerQuery = 4;

/// Never 0, which represents an absent value.
std::uint64_t short_hash(std::string_view text) {
    const auto hash = hash128(text);
    std::uint64_t bits = 0;
    std::memcpy(&bits, hash.bytes.data(), sizeof bits);
    return bits | 1U;
}

bool has_truth(const Truth& truth, const std::string& query) {
    const auto found = truth.find(query);
    return found != truth.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [](const TruthItem& item) { return item.grade > 0; });
}

/// One item's cells as hashes, in the order of `columns`.
std::vector<std::uint64_t> cell_hashes(const Items& items, std::int64_t row,
                                       const std::vector<std::string>& columns) {
    std::vector<std::uint64_t> hashes(columns.size());
    for (const auto& [name, cell] : items.fields_of(row)) {
        const auto column = std::find(columns.begin(), columns.end(), name);
        if (column == columns.end() || cell.empty()) continue;
        hashes[static_cast<std::size_t>(column - columns.begin())] = short_hash(cell);
    }
    return hashes;
}

/// The catalog's columns to compare with queries: text columns, and fields with a space.
std::vector<std::string> compared_columns(const Manifest& manifest) {
    auto columns = manifest.items.mapping.text;
    for (const auto& [name, space] : manifest.spaces) {
        for (const auto& field : manifest.items.fields) {
            const bool known =
                std::find(columns.begin(), columns.end(), field.name) != columns.end();
            if (field.name == space.source.name() && !known) columns.push_back(field.name);
        }
    }
    return columns;
}

}  // namespace

ProtocolFactCollector::ProtocolFactCollector(const Truth& truth, int largest_k) : truth_(truth) {
    facts_.largest_k = largest_k;
}

ProtocolFactCollector::ProtocolFactCollector(const Truth& truth, int largest_k,
                                             const Collection& collection, const Items& items,
                                             std::vector<std::string> text_columns)
    : truth_(truth),
      collection_(&collection),
      items_(&items),
      text_columns_(std::move(text_columns)) {
    facts_.largest_k = largest_k;
    facts_.items = items.count();
}

void ProtocolFactCollector::add(const Query& query) {
    if (!asked_.insert(query.id).second) {
        facts_.repeated_queries.add(query.id);
        return;
    }
    if (!has_truth(truth_, query.id)) facts_.queries_without_truth.add(query.id);
    if (items_ == nullptr) return;
    if (!query.text.empty()) texts_.emplace_back(hash128(query.text), query.id);
    if (collection_->manifest().items.pictures > 0) {
        for (const auto& picture : query.pictures) {
            const auto content = hash_picture(picture);
            if (const auto* hash = std::get_if<Hash128>(&content)) {
                pictures_.emplace_back(*hash, query.id);
            }
        }
    }
    if (has_truth(truth_, query.id)) sample(query);
}

void ProtocolFactCollector::sample(const Query& query) {
    const auto key = short_hash(query.id);
    if (samples_.size() >= kSampledQueries && key >= samples_.rbegin()->first) return;
    Sampled sampled;
    for (const auto& [item, grade] : truth_.at(query.id)) {
        if (!(grade > 0) || sampled.rows.size() >= kTrueItemsPerQuery) continue;
        if (const auto row = items_->row_of(item)) sampled.rows.push_back(*row);
    }
    if (sampled.rows.empty()) return;
    for (const auto& column : text_columns_) {
        const auto cell = query.fields.find(column);
        sampled.values.push_back(cell == query.fields.end() ? 0 : short_hash(cell->second));
    }
    samples_.emplace(key, std::move(sampled));
    if (samples_.size() > kSampledQueries) samples_.erase(std::prev(samples_.end()));
}

void ProtocolFactCollector::find_unknown_items() {
    std::set<std::string> unknown;
    for (const auto& [query, list] : truth_) {
        for (const auto& [item, grade] : list) {
            if (grade > 0 && !items_->row_of(item)) unknown.insert(item);
        }
    }
    for (const auto& item : unknown)
        facts_.unknown_items.add(item);
}

Sample ProtocolFactCollector::find_same(Hashes& hashes, const Source& source) const {
    if (hashes.empty()) return {};
    std::sort(hashes.begin(), hashes.end());
    std::set<std::string> same;
    auto inputs = items_->inputs(source);
    while (inputs.next()) {
        const auto& content = inputs.key().content;
        auto at = std::lower_bound(
            hashes.begin(), hashes.end(), content,
            [](const auto& entry, const Hash128& hash) { return entry.first < hash; });
        for (; at != hashes.end() && at->first == content; ++at)
            same.insert(at->second);
    }
    Sample sample;
    for (const auto& query : same)
        sample.add(query);
    return sample;
}

void ProtocolFactCollector::compare_columns() {
    const auto columns = compared_columns(collection_->manifest());
    std::vector<std::pair<std::int64_t, std::vector<std::uint64_t>>> others;
    const auto step = std::max<std::int64_t>(1, items_->count() / kSampledItems);
    std::int64_t number = 0;
    items_->for_each_id([&](std::int64_t row, std::string_view /*id*/) {
        if (number++ % step == 0) others.emplace_back(row, std::vector<std::uint64_t>{});
    });
    for (auto& [row, cells] : others)
        cells = cell_hashes(*items_, row, columns);

    const auto width = columns.size();
    auto& agreements = facts_.columns;
    for (const auto& query_column : text_columns_) {
        for (const auto& item_column : columns)
            agreements.push_back({query_column, item_column, 0, 0, 0, 0});
    }
    for (const auto& [key, query] : samples_) {
        std::vector<std::vector<std::uint64_t>> true_cells;
        for (const auto row : query.rows)
            true_cells.push_back(cell_hashes(*items_, row, columns));
        for (std::size_t i = 0; i < agreements.size(); ++i) {
            auto& agreement = agreements[i];
            const auto value = query.values[i / width];
            const auto column = i % width;
            if (value == 0) continue;
            ++agreement.queries;
            agreement.true_equal +=
                std::any_of(true_cells.begin(), true_cells.end(),
                            [&](const auto& cells) { return cells[column] == value; })
                    ? 1
                    : 0;
            for (const auto& [row, cells] : others) {
                const auto& rows = query.rows;
                if (std::find(rows.begin(), rows.end(), row) != rows.end()) continue;
                ++agreement.others;
                if (cells[column] == value) ++agreement.others_equal;
            }
        }
    }
}

void ProtocolFactCollector::read_indexes() {
    const auto& manifest = collection_->manifest();
    for (const auto& [name, entry] : manifest.indexes) {
        const auto& sidecar = entry.files.at(2);
        const auto build =
            read_sidecar(collection_->path(sidecar), manifest.files.at(sidecar)).build;
        facts_.indexes.push_back({name, build.layout, build.recall});
    }
}

std::vector<LintWarning> ProtocolFactCollector::finish() {
    std::set<std::string> unknown;
    for (const auto& [query, items] : truth_) {
        if (has_truth(truth_, query) && !asked_.contains(query)) unknown.insert(query);
    }
    for (const auto& query : unknown)
        facts_.unknown_queries.add(query);
    if (items_ != nullptr) {
        find_unknown_items();
        facts_.same_texts = find_same(texts_, Source::text());
        facts_.same_pictures = find_same(pictures_, Source::pictures());
        compare_columns();
        read_indexes();
        for (const auto& skipped : items_->ledger()) {
            if (skipped.code == "duplicate_id") facts_.repeated_items.add(skipped.item);
        }
    }
    return lint(facts_);
}

}  // namespace pmatch
