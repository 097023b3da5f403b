/// Vectors of a space: adds vectors, reads the live ones. A vector is live while its item still has
/// the picture or text it was computed from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/common/problem.hpp"
#include "core/common/source.hpp"
#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// Registers the space, or checks that `record` may add to it (its `parts` are ignored). Throws
/// Error if the existing vectors have another fingerprint or source, naming both sides and the
/// remedy; `replace` deletes the old vectors instead. Damaged or missing parts are dropped, too, so
/// that their inputs are embedded again: returns their files, for a warning.
std::vector<std::string> begin_space(Collection& collection, const std::string& space,
                                     const SpaceRecord& record, bool replace);

/// Throws Error, naming both sides and the remedy, if the vectors of `wanted` cannot stand beside
/// those of `known`, the space `name`: another fingerprint or source.
void check_same_encoder(const Collection& collection, const std::string& name,
                        const SpaceRecord& known, const SpaceRecord& wanted);

struct SpaceWriterOptions {
    double checkpoint = 30;  ///< a part is sealed after so many seconds, the maximum loss if killed
};

/// Appends windows to a part, which is sealed (published and committed) at 65,536 inputs or after
/// `checkpoint`. A vector with NaN or infinity becomes a skipped input "not_finite".
class SpaceWriter : public EmbeddingSink {
public:
    SpaceWriter(Collection& collection, std::string space, SpaceWriterOptions options = {});
    /// Discards what was not sealed.
    ~SpaceWriter() override;

    void append(EmbeddedWindow window) override;
    /// Seals, merges small parts and writes the view; also called after an interrupt.
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Live vectors of a space with one per input, in ascending (row, ordinal), in blocks of at most 4
/// MiB or one vector. With `wanted`, a predicate called for every live key in order, only those it
/// accepts are read. Throws Error for a space with any number of vectors per input.
void for_each_live_block(
    const Collection& collection, const std::string& space,
    const std::function<void(std::span<const InputKey>, std::span<const float>)>& take,
    const std::function<bool(const InputKey&)>& wanted = {});

/// The same for every space.
void for_each_vector_block(const Collection& collection, const std::string& space,
                           const std::function<void(const VectorBlock&)>& take,
                           const std::function<bool(const InputKey&)>& wanted = {});

/// Throws Error, saying what such a space is for, unless it has one vector per input.
void check_indexable(const Collection& collection, const std::string& space);

/// Inputs that ingest or embedding could not use and that still exist unchanged; also those of a
/// catalog that the last ingest refused.
std::vector<Skipped> ledger(const Collection& collection);

}  // namespace pmatch
