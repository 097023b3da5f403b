#include "data/items/caption_part.hpp"

#include <fmt/format.h>

#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/json_text.hpp"

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

}  // namespace

FileRecord write_caption_part(const std::filesystem::path& file,
                              std::span<const CaptionEntry> entries) {
    AtomicFile out(file);
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
        out.write(json_text(line) + "\n");
    }
    return out.publish();
}

std::vector<CaptionEntry> read_caption_part(const std::filesystem::path& file) {
    const auto text = read_file(file, kMaxFile);
    std::vector<CaptionEntry> entries;
    std::string_view rest = text;
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
    } catch (const std::bad_alloc&) {
        throw;  // no damage
    } catch (const std::exception& error) {
        throw Error{fmt::format("line {} is no caption: {}", entries.size() + 1, error.what()),
                    file.string(), "run `pmatch caption` again"};
    }
    return entries;
}

}  // namespace pmatch
