#include <algorithm>
#include <optional>

#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/embeddings/provenance.hpp"
#include "data/embeddings/vector_batch_reader.hpp"

namespace pmatch {
namespace {

/// Splits the stream of live entries into parts of at most kFullPart.
class Rewriter {
public:
    Rewriter(const Collection& collection, Manifest& next, const std::string& name)
        : collection_(collection),
          next_(next),
          space_(next.spaces.at(name)),
          name_(name),
          gather_(space_.dim, [this](const VectorBlock& block) {
              writer().add(block.keys, block.vectors, block.ends);
          }) {}

    void add_vector(const InputKey& key, const std::shared_ptr<PartReader>& part,
                    std::int64_t position) {
        gather_.add(key, part, position);
        grown();
    }
    void add_skipped(const SkippedInput& skipped) {
        skipped_.push_back(skipped);
        grown();
    }
    std::vector<PartRecord> finish() {
        seal();
        return std::move(parts_);
    }

private:
    PartWriter& writer() {
        if (writer_) return *writer_;
        file_ = part_file(name_, space_.next_part++);
        return writer_.emplace(collection_.directory() / file_, header_of(space_, name_));
    }
    void grown() {
        if (++entries_ == kFullPart) seal();
    }
    void seal() {
        if (entries_ == 0) return;
        gather_.flush();
        writer().add(skipped_);
        const auto record = writer_->publish();
        next_.files[file_] = record;
        parts_.push_back({file_, writer_->rows(), writer_->skipped(), writer_->first_row(),
                          writer_->last_row()});
        writer_.reset();
        skipped_.clear();
        entries_ = 0;
    }

    const Collection& collection_;
    Manifest& next_;
    SpaceRecord& space_;
    std::string name_;
    VectorGather gather_;
    std::string file_;
    std::optional<PartWriter> writer_;
    std::vector<SkippedInput> skipped_;
    std::vector<PartRecord> parts_;
    std::int64_t entries_ = 0;
};

}  // namespace

void rewrite_parts(const Collection& collection, Manifest& next, const std::string& name,
                   const std::vector<std::size_t>& chosen) {
    LiveScan scan(collection, next, name);
    Rewriter rewriter(collection, next, name);
    auto& space = next.spaces.at(name);
    std::vector<bool> wanted(space.parts.size(), false);
    for (const auto part : chosen)
        wanted[part] = true;
    while (scan.next()) {
        if (scan.state() == LiveScan::State::kPending || !wanted[scan.part()]) continue;
        if (scan.state() == LiveScan::State::kDone) {
            rewriter.add_vector(scan.input().key(), scan.reader(), scan.position());
        } else {
            rewriter.add_skipped({scan.input().key(), scan.problem()});
        }
    }
    // Rewritten entries are live, so their parts may come last.
    auto fresh = rewriter.finish();
    std::vector<PartRecord> parts;
    for (std::size_t i = 0; i < space.parts.size(); ++i) {
        if (wanted[i]) {
            next.files.erase(space.parts[i].file);
        } else {
            parts.push_back(space.parts[i]);
        }
    }
    parts.insert(parts.end(), fresh.begin(), fresh.end());
    space.parts = std::move(parts);
}

}  // namespace pmatch
