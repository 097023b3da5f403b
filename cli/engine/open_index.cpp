#include "cli/engine/open_index.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/indexing/build_lexical.hpp"
#include "cli/indexing/space_coverage.hpp"
#include "core/common/error.hpp"
#include "core/common/stopwatch.hpp"
#include "core/text/number_text.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch {

LiveIndex open_index(const Collection& collection, const std::string& space,
                     const Observer& observer, const HiddenInputs& hidden) {
    const auto no = [&](const char* what) {
        return Error{fmt::format("space '{}' has no {}", space, what),
                     collection.directory().string(), mend_index_remedy(collection, space)};
    };
    const bool has_space = collection.manifest().spaces.contains(space);
    if (has_space && !collection.manifest().indexes.contains(space)) throw no("index");
    auto opened = open_space_index(collection, space, hidden);
    if (opened.index.count() == 0 && missing_inputs(collection, space) > 0) throw no("vectors");
    if (opened.stale()) {
        observer.note(
            {fmt::format("query: space '{}' has changed since its index was built: {} vectors are "
                         "compared beside it, {} of its own are left out",
                         space, grouped(opened.added), grouped(opened.dead)),
             mend_index_remedy(collection, space, " brings it up to date")});
    }
    return std::move(opened.index);
}

Bm25Index open_lexical_index(const Collection& collection, const std::string& name,
                             const Observer& observer) {
    const auto& manifest = collection.manifest();
    const auto& record = manifest.lexical.at(name);
    if (is_current(manifest, record)) {
        return collection.files()->read(record.file, [&](const auto& path) {
            return Bm25Index::open(path, manifest.files.at(record.file));
        });
    }
    // Every score depends on document frequencies over all texts, so the index cannot be updated.
    const Stopwatch watch;
    auto index = build_private_lexical(collection, record, observer);
    observer.note(
        {fmt::format("query: the texts have changed since the lexical index {} was built: one was "
                     "made for this run in {:.2f} s",
                     name, watch.milliseconds() / 1000),
         {"", {lexical_command(collection.directory(), record)}, " makes it for all"}});
    return index;
}

}  // namespace pmatch
