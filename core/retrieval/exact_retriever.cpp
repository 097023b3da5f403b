#include "core/retrieval/exact_retriever.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/identifiers/column_names.hpp"
#include "core/identifiers/identifier.hpp"

namespace pmatch {
namespace {

/// The best proof of each item, best first.
std::vector<Neighbour> best_of_each(std::vector<Neighbour> found) {
    std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.row != b.row ? a.row < b.row : a.score > b.score;
    });
    const auto last = std::unique(found.begin(), found.end(),
                                  [](const auto& a, const auto& b) { return a.row == b.row; });
    found.erase(last, found.end());
    std::sort(found.begin(), found.end(), better_neighbour);
    return found;
}

bool has_trade_number(std::string_view cell) {
    const auto parts = identifiers_in(cell);
    return std::any_of(parts.begin(), parts.end(),
                       [](std::string_view part) { return trade_number(part).has_value(); });
}

/// A cell of a query and the column of the list that it asks.
struct Asked {
    std::size_t column;
    std::string_view cell;
};

/// The cell of a query's column that the list lacks under this name, but may have under another.
void ask_by_kind(const std::vector<std::string>& columns, const std::string& name,
                 std::string_view cell, std::vector<Asked>& asked) {
    const auto kind = kind_of_column(name);
    // A trade number is the same in every column of the list.
    if (kind == IdentifierKind::kTrade && has_trade_number(cell)) asked.push_back({0, cell});
    if (kind != IdentifierKind::kPart) return;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        if (kind_of_column(columns[column]) == kind) asked.push_back({column, cell});
    }
}

std::vector<Asked> asked_by(const Query& query, const std::vector<std::string>& columns) {
    std::vector<Asked> asked;
    for (const auto& [name, cell] : query.fields) {
        const auto same = std::find(columns.begin(), columns.end(), name);
        if (same == columns.end()) {
            ask_by_kind(columns, name, cell, asked);
        } else {
            asked.push_back({static_cast<std::size_t>(same - columns.begin()), cell});
        }
    }
    return asked;
}

}  // namespace

bool has_identifier(const ListSpec& list, const Query& query) {
    std::vector<std::string> columns{list.source.name()};
    for (const auto& source : list.other_sources)
        columns.push_back(source.name());
    return !asked_by(query, columns).empty() || may_be_identifier(query.text);
}

/// What each query found; there are few, so nothing is cut at a depth.
class ExactRetriever::Found : public PreparedQueries {
public:
    explicit Found(std::vector<std::vector<Neighbour>> found) : found_(std::move(found)) {}

    std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                        const RetrievalRequest& request) override {
        std::vector<RetrievedList> results;
        for (const auto number : which) {
            auto& result = results.emplace_back();
            for (const auto& hit : found_[number]) {
                if (request.allowed == nullptr || request.allowed->contains(hit.row))
                    result.found.push_back(hit);
            }
        }
        return results;
    }

private:
    std::vector<std::vector<Neighbour>> found_;
};

std::vector<Neighbour> ExactRetriever::find(const Query& query) const {
    const auto& columns = list_.info().columns;
    auto asked = asked_by(query, columns);
    if (asked.empty() && may_be_identifier(query.text)) {
        for (std::size_t column = 0; column < columns.size(); ++column)
            asked.push_back({column, query.text});
    }
    std::vector<Neighbour> found;
    for (const auto& one : asked) {
        const auto more = list_.find(one.column, one.cell);
        found.insert(found.end(), more.begin(), more.end());
    }
    return best_of_each(std::move(found));
}

std::unique_ptr<PreparedQueries> ExactRetriever::prepare(std::span<const Query* const> queries,
                                                         QueryPart, const Asking&) const {
    std::vector<std::vector<Neighbour>> found;
    for (const auto* query : queries)
        found.push_back(find(*query));
    return std::make_unique<Found>(std::move(found));
}

}  // namespace pmatch
