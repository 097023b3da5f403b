#include "cli/evaluation/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/files/hash.hpp"
#include "core/text/json_error_text.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::json;

constexpr const char* kMeasureAgain =
    "measure the baseline again: pmatch evaluate … --format json --with-queries -o BASE.json";

std::map<std::string, double> numbers(const Json& object) {
    std::map<std::string, double> values;
    for (const auto& [name, value] : object.items())
        values[name] = value.get<double>();
    return values;
}

ScoreTable read_queries(const Json& stored, const std::filesystem::path& file,
                        const ScoreColumns& columns) {
    ScoreTable table(columns);
    const auto names = stored.at("columns").get<std::vector<std::string>>();
    std::vector<std::size_t> places;
    for (const auto& column : table.columns()) {
        const auto found = std::find(names.begin(), names.end(), column);
        if (found == names.end()) {
            throw UsageError{fmt::format("the baseline {} has no '{}', which this run measures",
                                         file.string(), column),
                             "measure both with the same --at and --threshold"};
        }
        places.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    std::vector<double> values(places.size());
    for (const auto& row : stored.at("rows")) {
        for (std::size_t i = 0; i < places.size(); ++i)
            values[i] = row.at(places[i]).get<double>();
        table.add(row.at(0).get<std::string>(), values);
    }
    return table;
}

Baseline parse(const Json& stored, const std::filesystem::path& file, const ScoreColumns& columns) {
    Baseline baseline;
    baseline.file = file;
    baseline.scored = stored.at("scored").get<std::size_t>();
    baseline.query_set = stored.at("query_set").get<std::string>();
    baseline.truth_set = stored.at("truth_set").get<std::string>();
    baseline.metrics = numbers(stored.at("metrics"));
    for (const auto& slice : stored.value("slices", Json::array())) {
        const SliceName name{slice.at("field").get<std::string>(),
                             slice.at("value").get<std::string>()};
        baseline.slices[name] = numbers(slice.at("metrics"));
    }
    if (stored.contains("per_query")) {
        baseline.queries = read_queries(stored.at("per_query"), file, columns);
    }
    return baseline;
}

std::string hash_of(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    Hasher128 hasher;
    for (const auto& text : texts)
        hasher.update(text.c_str(), text.size() + 1);
    return hasher.digest().hex();
}

}  // namespace

Baseline read_baseline(const std::filesystem::path& file, const ScoreColumns& columns) {
    std::ifstream input(file);
    if (!input) {
        throw Error{"the baseline cannot be read", file.string(),
                    "give --baseline a result of `pmatch evaluate … --format json`"};
    }
    try {
        return parse(Json::parse(input), file, columns);
    } catch (const nlohmann::json::exception& error) {
        throw Error{
            fmt::format("this is no result of `pmatch evaluate`: {}", json_complaint(error)),
            file.string(), kMeasureAgain};
    }
}

QuerySet query_set(const ScoreTable& table, const Truth& truth) {
    std::vector<std::string> queries;
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& id = table.query(i);
        const auto found = truth.find(id);
        if (table.row(i).front() == 0 || found == truth.end()) continue;
        queries.push_back(id);
        for (const auto& [item, grade] : found->second) {
            if (grade > 0) pairs.push_back(fmt::format("{}\n{}\n{}", id, item, grade));
        }
    }
    return {hash_of(std::move(queries)), hash_of(std::move(pairs))};
}

}  // namespace pmatch
