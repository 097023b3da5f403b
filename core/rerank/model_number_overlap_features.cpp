/// Partial overlap of model numbers of two titles: one shop writes KX-TS208W, another KXTS208;
/// DU1055BK is a colour of DU1055. begin: length of the common prefix. stem: the same, if it
/// contains a digit and no digit follows on either side. run: longest substring with a digit of one
/// number that occurs anywhere in the other title, blanks and punctuation removed. Each is the
/// maximum over all numbers: 0 below 3 characters, 1 from 8 (begin) or 10 on.
#include <algorithm>
#include <array>

#include "core/rerank/feature_table.hpp"
#include "core/rerank/pair_features.hpp"
#include "core/rerank/product_tokens.hpp"
#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kManyBegin = 8;
constexpr std::size_t kMany = 10;

using ascii::has_digit;

/// The longest substring with a digit of any model number that occurs in `title`.
std::size_t longest_run(const std::vector<ModelNumber>& models, std::string_view title) {
    std::size_t longest = kFewestCommon - 1;
    for (const auto& model : models) {
        const std::string_view written = model.written;
        for (std::size_t from = 0; from < written.size(); ++from) {
            for (auto size = longest + 1; from + size <= written.size(); ++size) {
                const auto run = written.substr(from, size);
                if (title.find(run) == std::string_view::npos) break;
                if (has_digit(run)) longest = size;
            }
        }
    }
    return longest < kFewestCommon ? 0 : longest;
}

float share(std::size_t length, std::size_t many) {
    return static_cast<float>(std::min(length, many)) / static_cast<float>(many);
}

struct InCommon {
    std::size_t begin = 0;
    std::size_t stem = 0;
    std::size_t run = 0;
};

InCommon in_common(const MatchRecord& query, const MatchRecord& item) {
    InCommon most;
    for (const auto& a : query.title_models) {
        for (const auto& b : item.title_models) {
            const auto same = common_begin(a.written, b.written);
            if (same < kFewestCommon) continue;
            most.begin = std::max(most.begin, same);
            const std::string_view left = a.written;
            const std::string_view right = b.written;
            if (has_digit(left.substr(0, same)) && !has_digit(left.substr(same)) &&
                !has_digit(right.substr(same)))
                most.stem = std::max(most.stem, same);
        }
    }
    most.run = std::max(longest_run(query.title_models, item.compact_title),
                        longest_run(item.title_models, query.compact_title));
    return most;
}

constexpr std::array kFeatures{
    Feature<InCommon>{"models.common.begin",
                      [](const InCommon& c) { return share(c.begin, kManyBegin); }},
    Feature<InCommon>{"models.common.stem", [](const InCommon& c) { return share(c.stem, kMany); }},
    Feature<InCommon>{"models.common.run", [](const InCommon& c) { return share(c.run, kMany); }},
};

}  // namespace

FeatureFamily model_number_overlap_features() {
    return family_of<kFeatures, in_common>();
}

}  // namespace pmatch
