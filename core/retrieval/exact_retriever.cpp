#include "core/retrieval/exact_retriever.hpp"

#include <algorithm>

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

}  // namespace

bool has_identifier(const ListSpec& list, const Query& query) {
    const auto has = [&](const Source& source) { return query.fields.contains(source.name()); };
    return has(list.source) ||
           std::any_of(list.other_sources.begin(), list.other_sources.end(), has) ||
           may_be_identifier(query.text);
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
    std::vector<Neighbour> found;
    const auto& columns = list_.info().columns;
    const auto add = [&](std::size_t column, const std::string& cell) {
        const auto more = list_.find(column, cell);
        found.insert(found.end(), more.begin(), more.end());
    };
    bool any = false;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        const auto cell = query.fields.find(columns[column]);
        if (cell == query.fields.end()) continue;
        any = true;
        add(column, cell->second);
    }
    if (!any && may_be_identifier(query.text)) {
        for (std::size_t column = 0; column < columns.size(); ++column)
            add(column, query.text);
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
