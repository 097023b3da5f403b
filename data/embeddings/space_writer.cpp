#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_part.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/part_sequence.hpp"
#include "data/embeddings/provenance.hpp"

namespace pmatch {

struct SpaceWriter::State : PartDestination {
    State(Collection& into, std::string space, SpaceWriterOptions how)
        : collection(into),
          name(std::move(space)),
          options(how),
          parts(*this, options.checkpoint) {}

    const SpaceRecord& record() const { return collection.space(name); }

    std::filesystem::path next_target() override {
        file = part_file(name, record().next_part);
        auto target = collection.directory() / file;
        make_directories(target.parent_path());
        return target;
    }

    PartHeader header() const override { return header_of(record(), name); }

    void sealed(PartRecord part, const FileRecord& record_of_file) override {
        auto next = collection.manifest();
        next.files[file] = record_of_file;
        auto& space = next.spaces.at(name);
        part.file = file;
        space.parts.push_back(std::move(part));
        ++space.next_part;
        space.stamp.clear();
        collection.commit(std::move(next));
    }

    bool has_view() const {
        const auto& files = collection.manifest().files;
        const auto view = files.find(view_file(name));
        if (view == files.end()) return false;
        try {
            verify_file(collection.directory() / view->first, view->second, {});
            return true;
        } catch (const SystemError&) {
            throw;
        } catch (const Error&) {
            return false;
        }
    }

    Collection& collection;
    std::string name;
    SpaceWriterOptions options;
    std::string file;  ///< of the open part
    PartSequence parts;
};

SpaceWriter::SpaceWriter(Collection& collection, std::string space, SpaceWriterOptions options)
    : state_(std::make_unique<State>(collection, std::move(space), options)) {
    (void)state_->record();
}

SpaceWriter::~SpaceWriter() = default;

void SpaceWriter::append(EmbeddedWindow window) {
    state_->parts.append(std::move(window));
}

void SpaceWriter::finish() {
    auto& state = *state_;
    state.parts.seal();
    auto next = state.collection.manifest();
    const auto& parts = next.spaces.at(state.name).parts;
    std::vector<std::size_t> small;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].rows + parts[i].skipped < kFullPart) small.push_back(i);
    }
    if (small.size() > 1) {
        rewrite_parts(state.collection, next, state.name, small);
    } else if (!state.record().stamp.empty() && state.has_view()) {
        return;
    }
    const auto view = stage_view(state.collection, next, state.name);
    state.collection.commit(std::move(next), {view});
}

}  // namespace pmatch
