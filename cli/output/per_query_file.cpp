#include "cli/output/per_query_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/escape.hpp"
#include "data/formats/input_file.hpp"

namespace pmatch::cli {
namespace {

bool is_csv(const std::filesystem::path& file) {
    return lower_extension(file) == ".csv";
}

/// A field's value by query number.
struct Labels {
    std::string field;
    std::vector<const std::string*> of;
};

std::vector<Labels> labels(const std::vector<SliceResult>& slices, std::size_t queries) {
    std::vector<Labels> fields;
    for (const auto& slice : slices) {
        if (fields.empty() || fields.back().field != slice.name.field) {
            fields.push_back({slice.name.field, std::vector<const std::string*>(queries)});
        }
        for (const auto number : slice.queries)
            fields.back().of[number] = &slice.name.value;
    }
    return fields;
}

std::string csv_line(const ScoreTable& table, const std::vector<Labels>& fields, std::size_t i) {
    std::string line = csv_cell(table.query(i));
    for (const auto& field : fields)
        line += "," + csv_cell(*field.of[i]);
    for (const double value : table.row(i))
        line += fmt::format(",{}", value);
    return line + "\r\n";
}

std::string csv_header(const ScoreTable& table, const std::vector<Labels>& fields) {
    std::string line = "query";
    for (const auto& field : fields)
        line += "," + csv_cell(field.field);
    for (const auto& column : table.columns())
        line += "," + column;
    return line + "\r\n";
}

std::string json_line(const ScoreTable& table, const std::vector<Labels>& fields, std::size_t i) {
    nlohmann::ordered_json line{{"query", table.query(i)}};
    for (const auto& field : fields)
        line[field.field] = *field.of[i];
    for (std::size_t c = 0; c < table.columns().size(); ++c)
        line[table.columns()[c]] = table.row(i)[c];
    return line.dump() + "\n";
}

}  // namespace

void check_per_query_file(const std::filesystem::path& file) {
    const auto extension = lower_extension(file);
    if (is_csv(file) || extension == ".jsonl" || extension == ".ndjson") return;
    throw UsageError{fmt::format("--per-query {} is neither .csv nor .jsonl", file.string()),
                     "name the file QUERIES.csv or QUERIES.jsonl"};
}

void write_per_query(const std::filesystem::path& file, const ScoreTable& table,
                     const std::vector<SliceResult>& slices) {
    const auto fields = labels(slices, table.size());
    AtomicFile output(file);
    if (is_csv(file)) output.write(csv_header(table, fields));
    for (std::size_t i = 0; i < table.size(); ++i) {
        output.write(is_csv(file) ? csv_line(table, fields, i) : json_line(table, fields, i));
    }
    output.publish();
}

}  // namespace pmatch::cli
