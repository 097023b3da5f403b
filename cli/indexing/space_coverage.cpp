#include "cli/indexing/space_coverage.hpp"

#include <fmt/format.h>

#include "core/text/number_text.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/indexes/open_space_index.hpp"

namespace pmatch {

std::int64_t missing_inputs(const Collection& collection, const std::string& space) {
    const auto counts = count_pending(collection, space, {});
    return counts.total - counts.done - counts.skipped;
}

Command embed_command(const std::string& directory, const std::string& space,
                      const SpaceRecord& record) {
    Command command{"embed",
                    directory,
                    {"--model", record.package, "--source", record.source.name(), "--space", space,
                     "--precision", record.precision}};
    if (record.long_texts == LongTexts::kMean) {
        command.arguments.emplace_back("--long");
        command.arguments.emplace_back("mean");
    }
    return command;
}

Remedy mend_index_remedy(const Collection& collection, const std::string& space,
                         const std::string& effect) {
    const auto directory = collection.directory().string();
    const auto& record = collection.space(space);
    const Command build{"build-index", directory, {"--space", space}};
    if (missing_inputs(collection, space) > 0)
        return {"", {embed_command(directory, space, record), build}, effect};
    return record.live > 0 ? Remedy{"", {build}, effect} : no_inputs_remedy(directory);
}

void warn_if_incomplete(const Collection& collection, const std::string& space,
                        const Observer& observer) {
    const auto& manifest = collection.manifest();
    const auto& index = manifest.indexes.at(space);
    const bool counted =
        index.items == manifest.items.file && is_current(index, manifest.spaces.at(space));
    const auto missing = counted ? index.missing : missing_inputs(collection, space);
    if (missing == 0) return;
    observer.warning(
        {fmt::format("space '{}': {} of the catalog's inputs have no vector yet and cannot be "
                     "found",
                     space, grouped(missing)),
         mend_index_remedy(collection, space)});
}

}  // namespace pmatch
