#include "cli/matching/pair_evidence.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/text/number_text.hpp"

namespace pmatch {

PairEvidence::PairEvidence(const MatchOptions& options, const Collection& collection,
                           const Items& items, const ItemNumbering& numbers)
    : options_(options), collection_(collection), numbers_(numbers) {
    if (options.keeps_variants_apart()) finder_.emplace(collection, items, numbers);
}

void PairEvidence::compared(const Recipe& recipe, const std::string& prefix) {
    compared_.add(recipe, prefix);
}

void PairEvidence::take_out(PairTable& table, std::optional<float> threshold) {
    const auto shared = options_.ignore_shared.value_or(0);
    if (shared > 0)
        drop_shared_texts(table, collection_, numbers_, options_.alone(), shared, compared_);
    if (!finder_) return;
    const bool all = !threshold || options_.min2;
    const auto taken =
        finder_->take_from(table, all ? std::numeric_limits<float>::lowest() : *threshold);
    apart_.insert(apart_.end(), taken.begin(), taken.end());
}

void PairEvidence::report(const Observer& observer) const {
    if (options_.alone()) report_shared(collection_, compared_, options_.ignore_shared, observer);
    if (apart_.empty()) return;
    observer.note(
        fmt::format("match: {} pairs are kept apart as variants: another size, colour, number or "
                    "model under the same title; --variants together takes them for duplicates",
                    grouped(std::ssize(one_direction(apart_)))));
}

}  // namespace pmatch
