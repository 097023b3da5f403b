/// Parts of a space written outside a collection's state: without the writer's lock, by any number
/// of processes, and protected from clean-up. Adopted later, all parts of one writer in one commit.
///   staging/<name>/part-000001.h5 …   as in embeddings/<space>/
///   staging/<name>/parts.json         its finished parts, replaced after each part
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
    /// `name` is unique to this writer: Error if it is in use. `record` describes the vectors as
    /// for begin_space(); `collection` may be open for reading.
    StagedSpaceWriter(const Collection& collection, const std::string& space,
                      const SpaceRecord& record, const std::string& name, double checkpoint = 30);
    /// Discards unsealed vectors; sealed parts are kept.
    ~StagedSpaceWriter() override;

    void append(EmbeddedWindow window) override;
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Names of the staged sets of parts, ascending.
std::vector<std::string> staged_parts(const Collection& collection);

struct Adopted {
    std::string space;
    std::int64_t parts = 0;
    std::int64_t rows = 0;
    std::int64_t skipped = 0;
};

/// Adds the parts staged under `name` to their space, which is registered if it is new, and removes
/// the staging directory. Throws Error, without a change, if a file is damaged or the space's
/// vectors are from another model. SpaceWriter::finish() updates the view.
Adopted adopt_staged_parts(Collection& collection, const std::string& name);

}  // namespace pmatch
