#include "cli/indexing/build_index.hpp"

#include <fmt/format.h>

#include "cli/indexing/space_coverage.hpp"
#include "core/common/error.hpp"
#include "core/common/stopwatch.hpp"
#include "core/text/number_text.hpp"
#include "data/collection/collection_files.hpp"
#include "data/indexes/index_update.hpp"

namespace pmatch {
namespace {

constexpr double kPoorRecall = 0.9;  // a sound graph has .99 and more

void check_there_are_vectors(const Collection& collection, const std::string& space) {
    const auto& record = collection.space(space);
    if (record.live > 0 && !record.stamp.empty()) return;
    throw Error{fmt::format("space '{}' has no vectors", space), collection.directory().string(),
                remedy_of_empty_space(collection, space)};
}

std::string recall_phrase(const IndexBuild& build) {
    if (build.recall_sample == 0) return "exact";
    return fmt::format("recall@10 {:.3f} of exact search on {} vectors", build.recall,
                       build.recall_sample);
}

std::string change_phrase(const UpdatedIndex& updated) {
    if (updated.how == UpdatedIndex::How::kExtended) {
        return fmt::format(", extended by {}", grouped(updated.added));
    }
    return updated.reason.empty() ? "" : fmt::format(", rebuilt because {}", updated.reason);
}

/// A graph cannot lead from many equal vectors to the few others near them.
void warn_of_poor_graph(const std::string& space, const IndexBuild& build,
                        const std::string& directory, const Observer& observer) {
    const bool graph = build.layout.find("HNSW") != std::string::npos;
    if (!graph || build.recall_sample == 0 || build.recall >= kPoorRecall) return;
    observer.warning(
        {fmt::format("build-index {}: layout {} finds {:.0f} % of the nearest vectors only, as it "
                     "does where very many are equal",
                     space, build.layout, build.recall * 100),
         {"take",
          {{"build-index", directory, {"--space", space, "--layout", "Flat"}}},
          ", or an IVF layout"}});
}

}  // namespace

Remedy remedy_of_empty_space(const Collection& collection, const std::string& space) {
    const auto directory = collection.directory().string();
    return missing_inputs(collection, space) > 0
               ? Remedy{embed_command(directory, space, collection.space(space))}
               : no_inputs_remedy(directory);
}

void build_index(Collection& collection, const std::string& space, const IndexOptions& options,
                 const Observer& observer) {
    const Stopwatch watch;
    check_there_are_vectors(collection, space);
    Progress progress(observer, "build-index " + space, collection.space(space).live);
    const auto updated =
        update_index(collection, space, options, [&](std::int64_t done) { progress.update(done); });
    if (updated.how == UpdatedIndex::How::kUpToDate) {
        observer.note(fmt::format("build-index {}: up to date ({} vectors, layout {})", space,
                                  grouped(updated.count), updated.layout));
        return;
    }
    observer.note(fmt::format("build-index {}: {} vectors, layout {}, {}, {}{}", space,
                              grouped(updated.count), updated.layout, recall_phrase(updated.build),
                              duration(watch.milliseconds() / 1000), change_phrase(updated)));
    warn_of_poor_graph(space, updated.build, collection.directory().string(), observer);
}

}  // namespace pmatch
