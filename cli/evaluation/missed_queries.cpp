#include "cli/evaluation/missed_queries.hpp"

#include <algorithm>
#include <utility>

namespace pmatch {
namespace {

constexpr std::size_t kShownItems = 4;

std::vector<std::string> true_items(const Truth& truth, const std::string& query) {
    std::vector<std::string> items;
    const auto found = truth.find(query);
    if (found == truth.end()) return items;
    for (const auto& [item, grade] : found->second) {
        if (grade > 0) items.push_back(item);
    }
    return items;
}

/// From 1; 0 = not among them.
std::size_t rank_of(const std::string& item, const RankedList& answers) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const auto& answer) { return answer.item == item; });
    return found == answers.end() ? 0 : static_cast<std::size_t>(found - answers.begin()) + 1;
}

}  // namespace

MissedQueries::MissedQueries(const Truth& truth, int k, std::size_t most, const ItemReader* items)
    : truth_(truth), k_(static_cast<std::size_t>(k)), most_(most), items_(items) {}

bool MissedQueries::is_missed(const QueryAnswers& answers) const {
    if (answers.failed) return true;
    const auto wanted = true_items(truth_, answers.query);
    return !wanted.empty() &&
           std::none_of(wanted.begin(), wanted.end(), [&](const std::string& item) {
               const auto rank = rank_of(item, answers.answers);
               return rank > 0 && rank <= k_;
           });
}

ShownItem MissedQueries::shown(const std::string& id, const RankedList& answers) const {
    ShownItem item{id, {}, {}, rank_of(id, answers)};
    const auto row = items_ == nullptr ? std::nullopt : items_->row_of(id);
    if (!row) return item;
    item.title = items_->title_of(*row);
    const auto pictures = items_->pictures_of(*row);
    if (!pictures.empty()) item.picture = pictures.front();
    return item;
}

void MissedQueries::add(const QueryAnswers& answers, const Query* query, const Problem& problem) {
    if (most_ == 0 || !is_missed(answers)) return;
    if (++count_ > most_) return;
    auto& missed = kept_.emplace_back();
    missed.id = answers.query;
    missed.problem = problem;
    missed.answers = answers.answers.size();
    if (query != nullptr) {
        missed.text = query->text;
        missed.pictures = query->pictures;
    }
    for (const auto& item : true_items(truth_, answers.query)) {
        if (missed.wanted.size() < kShownItems)
            missed.wanted.push_back(shown(item, answers.answers));
    }
    for (const auto& [item, score] : answers.answers) {
        if (missed.found.size() < kShownItems) missed.found.push_back(shown(item, answers.answers));
    }
}

}  // namespace pmatch
