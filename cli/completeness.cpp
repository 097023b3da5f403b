#include "cli/completeness.hpp"

#include <fmt/format.h>

#include "core/number_text.hpp"
#include "data/embedding_space.hpp"
#include "data/space_index.hpp"

namespace pmatch::cli {

std::int64_t missing_inputs(const Collection& collection, const std::string& space) {
    const auto counts = count_pending(collection, space, {});
    return counts.total - counts.done - counts.skipped;
}

std::string embed_command(const std::string& directory, const std::string& space,
                          const SpaceRecord& record) {
    return fmt::format("pmatch embed {} --model {} --source {} --space {} --precision {}",
                       directory, record.package, record.source.name(), space, record.precision);
}

std::string mend_index_command(const Collection& collection, const std::string& space) {
    const auto directory = collection.directory().string();
    auto build = fmt::format("pmatch build-index {} --space {}", directory, space);
    if (missing_inputs(collection, space) == 0) return build;
    return embed_command(directory, space, collection.space(space)) + " && " + build;
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
        fmt::format("space '{}': {} of the catalog's inputs have no vector yet and cannot be "
                    "found: {}",
                    space, grouped(missing), mend_index_command(collection, space)));
}

}  // namespace pmatch::cli
