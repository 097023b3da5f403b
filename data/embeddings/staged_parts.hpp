/// Parts of a space that wait beside a collection: written without the writer's lock, by as many as
/// like, and safe from the removal of leftovers; adopted later, all of one writer in one commit.
///   staging/<name>/part-000001.h5 …   as in embeddings/<space>/
///   staging/<name>/parts.json         what of it is whole, replaced after each part
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

class StagedSpaceWriter : public EmbeddingSink {
public:
    /// `name` is this writer's own: an Error when it is taken. `record` says what the vectors are,
    /// as begin_space() takes it; `collection` may be open for reading.
    StagedSpaceWriter(const Collection& collection, const std::string& space,
                      const SpaceRecord& record, const std::string& name, double checkpoint = 30);
    /// Drops what was not sealed; what was stays.
    ~StagedSpaceWriter() override;

    void append(EmbeddedWindow window) override;
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Names of what waits, ascending.
std::vector<std::string> staged_parts(const Collection& collection);

struct Adopted {
    std::string space;
    std::int64_t parts = 0;
    std::int64_t rows = 0;
    std::int64_t skipped = 0;
};

/// Makes the parts that wait under `name` parts of their space, which is registered if it is new,
/// and removes what waited. Throws Error when a file is damaged, or when the space's vectors are
/// of another model; then nothing has changed. SpaceWriter::finish() brings the view up to date.
Adopted adopt_staged_parts(Collection& collection, const std::string& name);

}  // namespace pmatch
