#include "core/index_sidecar.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/schema.hpp"
#include "core/version.hpp"

namespace pmatch {
namespace {

static_assert(std::endian::native == std::endian::little, "rows.npy is written as it lies");

constexpr std::uint64_t kLargestSidecar = std::uint64_t{16} << 20U;
constexpr std::string_view kNpyMagic{"\x93NUMPY\x01\x00", 8};
constexpr const char* kMetric = "inner product";

/// Magic, header length (2 bytes, little endian), a Python literal, padded so that the numbers
/// start at a multiple of 64 bytes: NumPy's format version 1.0.
std::string npy_header(std::size_t count) {
    auto literal =
        fmt::format("{{'descr': '<i8', 'fortran_order': False, 'shape': ({},), }}", count);
    const auto used = kNpyMagic.size() + 2 + literal.size() + 1;
    literal.append((64 - used % 64) % 64, ' ');
    literal += '\n';
    std::string header(kNpyMagic);
    header += static_cast<char>(literal.size() & 255U);
    header += static_cast<char>(literal.size() >> 8U);
    return header + literal;
}

/// Throws unless a builder could have written these.
void check_values(const IndexBuild& build, const std::string& metric, const std::string& file) {
    const auto bad = [&](const std::string& what) { return Error{what, file, kRebuildIndex}; };
    if (metric != kMetric) {
        throw bad(fmt::format("the index's metric is '{}', expected '{}'", metric, kMetric));
    }
    if (build.dim < 1) throw bad(fmt::format("the index's dimension is {}", build.dim));
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
    check_schema(kIndexSchema, json.at("schema").get<std::string>(), json.at("version").get<int>(),
                 file);
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
        {"normalized", origin.normalized},
        {"parts", origin.parts},
        {"layout", build.layout},
        {"metric", kMetric},
        {"dim", build.dim},
        {"count", build.count},
        {"most_per_row", build.most_per_row},
        {"largest_norm", build.largest_norm},
        {"search_parameters", parameters},
        {"recall@10", build.recall},
        {"recall_sample", build.recall_sample},
        {"determinism", build.determinism},
    };
    AtomicFile out(file);
    // Paths and command lines may hold bytes that are not UTF-8; JSON may not.
    out.write(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return out.publish();
}

IndexSidecar read_sidecar(const std::filesystem::path& file, const FileRecord& expected) {
    verify_file(file, expected, kRebuildIndex);
    try {
        return parse(nlohmann::json::parse(read_file(file, kLargestSidecar)), file.string());
    } catch (const nlohmann::json::exception& error) {
        throw Error{fmt::format("this is not the sidecar of an index: {}", error.what()),
                    file.string(), kRebuildIndex};
    }
}

FileRecord write_rows(const std::filesystem::path& file, const std::vector<std::int64_t>& rows) {
    AtomicFile out(file);
    out.write(npy_header(rows.size()));
    out.write(rows.data(), rows.size() * sizeof(std::int64_t));
    return out.publish();
}

std::vector<std::int64_t> read_rows(const std::filesystem::path& file, const FileRecord& expected,
                                    std::int64_t count) {
    verify_file(file, expected, kRebuildIndex);
    const auto content = read_file(file, expected.size);
    const auto bad = [&](const std::string& what) {
        return Error{what, file.string(), kRebuildIndex};
    };
    constexpr std::size_t kLengthAt = kNpyMagic.size();
    if (!content.starts_with(kNpyMagic) || content.size() < kLengthAt + 2) {
        throw bad("this is not a NumPy file of format 1.0");
    }
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(content[at]); };
    const std::size_t start = kLengthAt + 2 + byte(kLengthAt) + (byte(kLengthAt + 1) << 8U);
    const auto header = content.substr(0, start);
    if (header.find("'<i8'") == std::string::npos) throw bad("its numbers are not int64");
    const auto size = static_cast<std::size_t>(count) * sizeof(std::int64_t);
    if (content.size() < start || content.size() - start != size) {
        throw bad(fmt::format("the file has {} bytes, the {} rows its sidecar says need {}",
                              content.size(), count, start + size));
    }
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    if (size > 0) std::memcpy(rows.data(), content.data() + start, size);
    for (const auto row : rows) {
        if (row < 0) throw bad(fmt::format("it holds the row {}", row));
    }
    return rows;
}

}  // namespace pmatch
