#include "data/caption_part.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/schema.hpp"
#include "core/version.hpp"

namespace pmatch {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxFile = std::uint64_t{4} << 30U;

CaptionEntry entry_from(const Json& json) {
    CaptionEntry entry;
    entry.key.row = json.at("row").get<std::int64_t>();
    entry.key.ordinal = json.at("ordinal").get<std::int32_t>();
    entry.key.content = Hash128::from_hex(json.at("content").get<std::string>());
    if (json.contains("caption")) {
        entry.caption = json.at("caption").get<std::string>();
    } else {
        entry.problem = {json.at("code").get<std::string>(), json.at("detail").get<std::string>()};
    }
    if (entry.key.row < 0 || entry.key.ordinal < 0 || entry.good() == entry.caption.empty()) {
        throw std::runtime_error("it has neither a caption nor a code");
    }
    return entry;
}

/// Checks the line on what wrote the others and returns its length: 0 in a file of version 1.
std::size_t read_header(std::string_view text, const std::filesystem::path& file) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    const auto json = Json::parse(text.substr(0, end), nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("schema")) return 0;
    const auto& name = json["schema"];
    const auto version = json.find("version");
    const bool numbered = version != json.end() && version->is_number_integer();
    check_schema(kCaptionsSchema, name.is_string() ? name.get<std::string>() : name.dump(),
                 numbered ? version->get<int>() : 0, file.string());
    return end + 1;
}

}  // namespace

FileRecord write_caption_part(const std::filesystem::path& file, const CaptionHeader& header,
                              std::span<const CaptionEntry> entries) {
    AtomicFile out(file);
    const auto write = [&](const nlohmann::ordered_json& line) {
        out.write(json_text(line) + "\n");
    };
    write({{"schema", kCaptionsSchema.name},
           {"version", kCaptionsSchema.current},
           {"pmatch", kVersion},
           {"model", header.model},
           {"fingerprint", header.fingerprint},
           {"precision", header.precision}});
    for (const auto& entry : entries) {
        nlohmann::ordered_json line{{"row", entry.key.row},
                                    {"ordinal", entry.key.ordinal},
                                    {"content", entry.key.content.hex()}};
        if (entry.good()) {
            line["caption"] = entry.caption;
        } else {
            line["code"] = entry.problem.code;
            line["detail"] = entry.problem.detail;
        }
        write(line);
    }
    return out.publish();
}

std::vector<CaptionEntry> read_caption_part(const std::filesystem::path& file) {
    const auto text = read_file(file, kMaxFile);
    std::vector<CaptionEntry> entries;
    std::string_view rest = text;
    const auto header = read_header(rest, file);
    rest.remove_prefix(header);
    try {
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            if (end == std::string_view::npos) throw std::runtime_error("the line has no end");
            auto entry = entry_from(Json::parse(rest.substr(0, end)));
            if (!entries.empty() &&
                std::pair(entry.key.row, entry.key.ordinal) <=
                    std::pair(entries.back().key.row, entries.back().key.ordinal)) {
                throw std::runtime_error("it is not behind the line before it");
            }
            entries.push_back(std::move(entry));
            rest.remove_prefix(end + 1);
        }
    } catch (const std::exception& error) {
        const auto line = entries.size() + (header > 0 ? 2 : 1);
        throw Error{fmt::format("line {} is no caption: {}", line, error.what()), file.string(),
                    "run `pmatch caption` again"};
    }
    return entries;
}

}  // namespace pmatch
