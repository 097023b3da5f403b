#include "cli/matching/shared_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"
#include "data/items/shared_inputs.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kShown = 60;  // columns of a path or text

/// "the picture none.jpg is shared by 43 items, and 2 others by 10 or more each"
std::string shared_phrase(const char* what, const std::vector<SharedInput>& shared,
                          std::int64_t at_least) {
    const auto& first = shared.front();
    auto text = fmt::format("the {} '{}' is shared by {} items", what,
                            shortened(first.written, kShown), grouped(first.items));
    const auto others = std::ssize(shared) - 1;
    if (others == 0) return text;
    return text + fmt::format(", and {} other{} by {} or more", grouped(others),
                              others == 1 ? "" : "s", grouped(at_least));
}

std::string picture_effect(bool left_out) {
    return left_out ? "such pictures are left out"
                    : "items that have no other picture are compared by it all the same";
}

std::string text_effect(bool left_out) {
    return left_out ? "such texts are left out" : "they are compared by it all the same";
}

}  // namespace

void ComparedParts::add(const Recipe& recipe, const std::string& prefix) {
    for (const auto& list : recipe.lists) {
        if (list.source.is_picture()) {
            picture_lists.insert(prefix + list.name);
        } else {
            texts = true;
        }
    }
}

SharedPictureOptions shared_picture_options(std::optional<int> ignore_shared) {
    if (!ignore_shared) return {};
    return {*ignore_shared, true};
}

void drop_shared_texts(PairTable& table, const Collection& collection, const ItemNumbering& items,
                       bool on_both_sides, std::int64_t at_least, const ComparedParts& compared) {
    const auto rows = rows_of_shared_texts(collection, at_least);
    if (rows.size() == 0) return;
    std::vector<std::size_t> picture_lists;
    for (std::size_t list = 0; list < table.lists().size(); ++list) {
        if (compared.picture_lists.contains(table.lists()[list])) picture_lists.push_back(list);
    }
    const auto& pairs = table.pairs();
    std::vector<bool> drops(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const bool shared = rows.contains(items.row_of(pairs[i].right)) ||
                            (on_both_sides && rows.contains(items.row_of(pairs[i].left)));
        drops[i] =
            shared && std::none_of(picture_lists.begin(), picture_lists.end(),
                                   [&](std::size_t list) { return table.part(list, i).present(); });
    }
    table.erase(drops);
}

void report_shared(const Collection& collection, const ComparedParts& compared,
                   std::optional<int> ignore_shared, const Observer& observer) {
    const std::int64_t at_least = ignore_shared ? *ignore_shared : kManyItems;
    if (at_least <= 0) return;
    const bool left_out = ignore_shared.has_value();
    const auto say = [&](const char* what, const std::vector<SharedInput>& shared,
                         const std::string& effect) {
        if (shared.empty()) return;
        auto text = fmt::format("match: {}: {}", shared_phrase(what, shared, at_least), effect);
        if (left_out) return observer.note(text);
        observer.warning(text + fmt::format("; --ignore-shared {} leaves it out, --ignore-shared 0 "
                                            "is silent",
                                            at_least));
    };
    if (!compared.picture_lists.empty())
        say("picture", shared_pictures(collection, at_least), picture_effect(left_out));
    if (compared.texts) say("text", shared_texts(collection, at_least), text_effect(left_out));
}

}  // namespace pmatch
