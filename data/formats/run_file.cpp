#include "data/formats/run_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <istream>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "core/common/error.hpp"
#include "core/text/utf8.hpp"
#include "data/formats/byte_order_mark.hpp"
#include "data/formats/input_file.hpp"
#include "data/formats/parse_number.hpp"
#include "data/formats/trec_id.hpp"

namespace pmatch {

namespace {

struct ScoredItem {
    std::string written;
    float score = 0;
};

struct RunQuery {
    std::string written;
    std::vector<ScoredItem> items;
    std::unordered_set<std::string> seen;
};

bool has_item(const std::vector<TruthItem>& items, const std::string& id) {
    return std::any_of(items.begin(), items.end(),
                       [&](const TruthItem& item) { return item.item == id; });
}

/// The id that `known` knows; the decoded one if both or none.
template <typename Known>
std::string known_id(const std::string& written, const Known& known) {
    auto decoded = decode_trec_id(written);
    return decoded == written || known(decoded) || !known(written) ? decoded : written;
}

QueryAnswers finish(RunQuery query, const Truth& truth, std::size_t& tied) {
    auto& items = query.items;
    std::sort(items.begin(), items.end(), [](const ScoredItem& a, const ScoredItem& b) {
        return a.score != b.score ? a.score > b.score : a.written > b.written;
    });
    const auto same = std::adjacent_find(
        items.begin(), items.end(),
        [](const ScoredItem& a, const ScoredItem& b) { return a.score == b.score; });
    if (same != items.end()) ++tied;
    QueryAnswers answers{
        known_id(query.written, [&](const std::string& id) { return truth.contains(id); }),
        {},
        false};
    const auto judged = truth.find(answers.query);
    for (const ScoredItem& item : items) {
        auto id = known_id(item.written, [&](const std::string& one) {
            return judged != truth.end() && has_item(judged->second, one);
        });
        answers.answers.push_back({std::move(id), item.score});
    }
    return answers;
}

}  // namespace

StoredRun read_run(const std::filesystem::path& file, const Truth& truth) {
    const auto input = open_input(file);
    skip_byte_order_mark(*input, file.string());
    std::vector<RunQuery> queries;
    std::unordered_map<std::string, std::size_t> numbers;
    std::string line;
    for (std::size_t number = 1; std::getline(*input, line); ++number) {
        const auto fail = [&](const std::string& what) {
            throw Error{fmt::format("line {}: {}", number, what), file.string(),
                        "write `query Q0 item rank score tag`, separated by blanks, without a "
                        "header"};
        };
        const auto columns = split_blanks(line);
        if (columns.empty()) continue;
        if (columns.size() != 6) fail(fmt::format("{} columns, a run has 6", columns.size()));
        if (!utf8::is_clean(line)) fail("the line is not UTF-8");
        const auto score = parse_number(columns[4]);
        if (!score) fail(fmt::format("the score '{}' is no number", columns[4]));
        const std::string id(columns[0]);
        const auto [found, is_new] = numbers.emplace(id, queries.size());
        if (is_new) queries.push_back({id, {}, {}});
        RunQuery& query = queries[found->second];
        std::string item(columns[2]);
        if (!query.seen.insert(item).second) {
            fail(fmt::format("query '{}' has the item '{}' twice", id, item));
        }
        query.items.push_back({std::move(item), static_cast<float>(*score)});
    }
    StoredRun run;
    run.queries.reserve(queries.size());
    for (RunQuery& query : queries)
        run.queries.push_back(finish(std::move(query), truth, run.tied));
    return run;
}

std::string trec_lines(const QueryAnswers& answers, std::string_view tag) {
    std::string lines;
    const std::string query = encode_trec_id(answers.query);
    constexpr float kLowest = -std::numeric_limits<float>::infinity();
    float previous = std::numeric_limits<float>::infinity();
    std::size_t rank = 0;
    for (const Answer& answer : answers.answers) {
        const float score = std::min(answer.score, std::nextafter(previous, kLowest));
        previous = score;
        // Nine digits distinguish all floats.
        lines += fmt::format("{} Q0 {} {} {:.9g} {}\n", query, encode_trec_id(answer.item), ++rank,
                             score, tag);
    }
    return lines;
}

}  // namespace pmatch
