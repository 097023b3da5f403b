#include "data/indexes/lexical_record.hpp"

#include <algorithm>

#include "core/common/error.hpp"
#include "core/files/hash.hpp"

namespace pmatch {

bool has_source(const Manifest& manifest, const Source& source) {
    if (source.is_text()) return true;
    if (source.is_caption()) return manifest.captions.contains(source.caption_name());
    const auto& fields = manifest.items.fields;
    return std::any_of(fields.begin(), fields.end(),
                       [&](const auto& field) { return field.name == source.name(); });
}

Source source_named(const Manifest& manifest, const std::string& word) {
    const auto as_written = Source::parse(word);
    const auto captions = Source::captions(word);
    return !has_source(manifest, as_written) && has_source(manifest, captions) ? captions
                                                                               : as_written;
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

bool has_texts(const Collection& collection, const Manifest& manifest, const Source& source) {
    if (!has_source(manifest, source)) return false;
    const Items items(collection, manifest);
    return items.inputs(source).next();
}

void keep_current_lexical(const Collection& collection, Manifest& next) {
    if (next.lexical.empty()) return;
    const Items items(collection, next);
    for (auto& entry : next.lexical) {
        auto& index = entry.second;
        if (has_source(next, index.source) && text_stamp(items, index.source) == index.stamp)
            index.items = next.items.file;
    }
}

}  // namespace pmatch
