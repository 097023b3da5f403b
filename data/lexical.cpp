#include "data/lexical.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/escape.hpp"
#include "core/hash.hpp"
#include "data/collection_files.hpp"

namespace pmatch {

std::string lexical_name(const Source& source, const std::string& analyser) {
    return fmt::format("{}.{}", source.name(), analyser);
}

std::string lexical_file(const Source& source, const std::string& analyser) {
    constexpr std::size_t kLongest = 200;
    auto name = percent_encoded(source.name(), "_-.");
    if (name.starts_with('.')) name.replace(0, 1, "%2E");
    if (name.size() > kLongest) {
        throw UsageError{
            fmt::format("the name of the field '{}' is too long for a file", source.name()),
            "give the column a shorter name and ingest the catalog again"};
    }
    return fmt::format("{}/{}.{}.bm25", kIndexesFolder, name, analyser);
}

std::string text_stamp(const Items& items, const Source& source) {
    Hasher128 hasher;
    auto cursor = items.inputs(source);
    while (cursor.next()) {
        const auto& key = cursor.key();
        hasher.update(&key.row, sizeof key.row);
        hasher.update(key.content.bytes.data(), key.content.bytes.size());
    }
    return hasher.digest().hex();
}

bool is_current(const Manifest& manifest, const LexicalRecord& index) {
    return index.items == manifest.items.file;
}

void keep_current_lexical(const Collection& collection, Manifest& next) {
    if (next.lexical.empty()) return;
    const Items items(collection, next);
    for (auto& entry : next.lexical) {
        auto& index = entry.second;
        const bool has_source =
            index.source.is_text() || (index.source.is_caption() && next.captions) ||
            std::any_of(next.items.fields.begin(), next.items.fields.end(),
                        [&](const auto& field) { return field.name == index.source.name(); });
        if (has_source && text_stamp(items, index.source) == index.stamp)
            index.items = next.items.file;
    }
}

Command lexical_command(const std::filesystem::path& directory, const LexicalRecord& index) {
    return {"build-index",
            directory.string(),
            {"--layout", "bm25", "--source", index.source.name(), "--analyser", index.analyser,
             "--k1", fmt::format("{}", index.k1), "--b", fmt::format("{}", index.b)}};
}

}  // namespace pmatch
