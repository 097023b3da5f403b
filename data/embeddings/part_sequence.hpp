/// Internal to data: splits windows of vectors into parts, independently of their destination.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/manifest.hpp"
#include "data/embeddings/embedding_part.hpp"

namespace pmatch {

/// Where part files are written, and a callback for finished ones.
class PartDestination {
public:
    virtual ~PartDestination() = default;
    virtual std::filesystem::path next_target() = 0;
    virtual PartHeader header() const = 0;
    /// `part` has no file name yet; the file is published.
    virtual void sealed(PartRecord part, const FileRecord& file) = 0;
};

class PartSequence {
public:
    /// A part is sealed when it is full, or `checkpoint` seconds after it was started.
    PartSequence(PartDestination& destination, double checkpoint)
        : destination_(destination), checkpoint_(checkpoint) {}

    void append(EmbeddedWindow window);
    void seal();

private:
    using Clock = std::chrono::steady_clock;

    PartDestination& destination_;
    double checkpoint_;
    std::optional<PartWriter> writer_;
    Clock::time_point started_;
    InputKey last_;  ///< of the last entry in the open part
};

}  // namespace pmatch
