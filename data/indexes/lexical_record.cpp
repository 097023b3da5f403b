#include "data/indexes/lexical_record.hpp"

#include <algorithm>

#include "core/common/error.hpp"
#include "core/files/hash.hpp"

namespace pmatch {

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

}  // namespace pmatch
