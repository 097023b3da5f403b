#include "core/index/index_sidecar.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/common/version.hpp"
#include "core/index/npy_file.hpp"
#include "core/text/json_error_text.hpp"
#include "core/text/json_text.hpp"

namespace pmatch {
namespace {

constexpr std::uint64_t kLargestSidecar = std::uint64_t{16} << 20U;
constexpr const char* kMetric = "inner product";

/// Throws unless a builder could have written these values.
void check_values(const IndexBuild& build, const std::string& metric, const std::string& file) {
    const auto bad = [&](const std::string& what) { return Error{what, file, index_remedy()}; };
    if (metric != kMetric) {
        throw bad(fmt::format("the index's metric is '{}', expected '{}'", metric, kMetric));
    }
    if (build.dim < 1) throw bad(fmt::format("the index's dimension is {}", build.dim));
    if (build.dead < 0 || build.dead > build.count || build.trained < 0) {
        throw bad(fmt::format("the index says that {} of its {} vectors are dead, {} when built",
                              build.dead, build.count, build.trained));
    }
    if (build.count < 0 || build.most_per_row < 0 || build.most_per_row > build.count) {
        throw bad(fmt::format("the index says it has {} vectors, at most {} of one item",
                              build.count, build.most_per_row));
    }
    if (!std::isfinite(build.largest_norm) || build.largest_norm < 0) {
        throw bad(fmt::format("the index's largest norm is {}", build.largest_norm));
    }
    if (!build.search_parameter.empty() && build.search_value < 1) {
        throw bad(fmt::format("the index's {} is {}", build.search_parameter, build.search_value));
    }
}

IndexSidecar parse(const nlohmann::json& json, const std::string& file) {
    const auto version = json.at("version").get<int>();
    check_schema(kIndexSchema, json.at("schema").get<std::string>(), version, file);
    IndexSidecar sidecar;
    auto& origin = sidecar.origin;
    json.at("space").get_to(origin.space);
    json.at("model").get_to(origin.model);
    json.at("fingerprint").get_to(origin.fingerprint);
    json.at("parts").get_to(origin.parts);
    json.at("command").get_to(origin.command);
    json.at("normalized").get_to(origin.normalized);
    auto& build = sidecar.build;
    json.at("layout").get_to(build.layout);
    json.at("dim").get_to(build.dim);
    json.at("count").get_to(build.count);
    json.at("most_per_row").get_to(build.most_per_row);
    json.at("largest_norm").get_to(build.largest_norm);
    const auto& parameters = json.at("search_parameters");
    if (!parameters.empty()) {
        build.search_parameter = parameters.begin().key();
        build.search_value = parameters.begin()->get<int>();
    }
    json.at("recall@10").get_to(build.recall);
    json.at("recall_sample").get_to(build.recall_sample);
    json.at("determinism").get_to(build.determinism);
    build.trained = build.count;
    if (version >= 2 || json.contains("dead")) json.at("dead").get_to(build.dead);
    if (version >= 2 || json.contains("trained")) json.at("trained").get_to(build.trained);
    if (version >= 2 || json.contains("precision")) json.at("precision").get_to(origin.precision);
    check_values(build, json.at("metric").get<std::string>(), file);
    return sidecar;
}

}  // namespace

IndexFiles IndexFiles::of(const std::filesystem::path& directory, const std::string& space) {
    return {directory / (space + ".faiss"), directory / (space + ".rows.npy"),
            directory / (space + ".json")};
}

FileRecord write_sidecar(const std::filesystem::path& file, const IndexSidecar& sidecar) {
    const auto& [origin, build] = sidecar;
    auto parameters = nlohmann::ordered_json::object();
    if (!build.search_parameter.empty()) parameters[build.search_parameter] = build.search_value;
    const nlohmann::ordered_json json = {
        {"schema", kIndexSchema.name},
        {"version", kIndexSchema.current},
        {"pmatch", kVersion},
        {"command", origin.command},
        {"space", origin.space},
        {"model", origin.model},
        {"fingerprint", origin.fingerprint},
        {"precision", origin.precision},
        {"normalized", origin.normalized},
        {"parts", origin.parts},
        {"layout", build.layout},
        {"metric", kMetric},
        {"dim", build.dim},
        {"count", build.count},
        {"dead", build.dead},
        {"trained", build.trained},
        {"most_per_row", build.most_per_row},
        {"largest_norm", build.largest_norm},
        {"search_parameters", parameters},
        {"recall@10", build.recall},
        {"recall_sample", build.recall_sample},
        {"determinism", build.determinism},
        {"vectors", vector_determinism(origin.precision)},
    };
    AtomicFile out(file);
    out.write(json_text(json, 2) + "\n");
    return out.publish();
}

IndexSidecar read_sidecar(const std::filesystem::path& file, const FileRecord& expected) {
    verify_file(file, expected, index_remedy());
    try {
        return parse(nlohmann::json::parse(read_file(file, kLargestSidecar)), file.string());
    } catch (const nlohmann::json::exception& error) {
        throw Error{fmt::format("this is not the sidecar of an index: {}", json_complaint(error)),
                    file.string(), index_remedy()};
    }
}

std::string vector_determinism(const std::string& precision) {
    if (precision == "fp32") {
        return "equal bytes for equal threads, CPU, build and batches; within 2e-6 otherwise";
    }
    return fmt::format(
        "equal bytes for equal threads, CPU, build and batches; otherwise as near as {} is, so "
        "that near scores may change places",
        precision);
}

FileRecord write_rows(const std::filesystem::path& file, const std::vector<std::int64_t>& rows) {
    return write_npy(file, "'<i8'", rows.size(), std::as_bytes(std::span(rows)));
}

std::vector<std::int64_t> read_rows(const std::filesystem::path& file, const FileRecord& expected,
                                    std::int64_t count) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    read_npy(file, expected, "'<i8'", rows.size(), std::as_writable_bytes(std::span(rows)));
    for (const auto row : rows) {
        if (row < -1) {
            throw Error{fmt::format("it holds the row {}", row), file.string(), index_remedy()};
        }
    }
    return rows;
}

}  // namespace pmatch
