/// Stored vectors of queries that are items of a collection, optionally blended with those of their
/// neighbours.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/engine/left_out_pictures.hpp"
#include "cli/engine/model_opener.hpp"
#include "core/common/observer.hpp"
#include "core/index/vector_index.hpp"
#include "core/retrieval/stored_vectors.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct BlendOptions {
    std::vector<float> at_least;  ///< one round each: minimum cosine of a neighbour
    int neighbours = 20;          ///< number of nearest neighbours per vector
};

/// How the vectors of the queries, and those they are compared with, differ from the stored ones.
struct ComparisonOptions {
    BlendOptions blend;
    SharedPictureOptions shared;
};

class CollectionQueryVectors : public StoredQueryVectors {
public:
    /// `left` has the queries, `right` is searched; the same object if a collection is matched with
    /// itself.
    CollectionQueryVectors(const Collection& left, const Collection& right,
                           ComparisonOptions options, const ModelOpener& models,
                           const Execution& execution);

    /// The queries' vectors for the space `space` of the right collection; read and blended on
    /// first use. Throws Error, naming both sides and the command that fixes it, if the left
    /// collection has no vectors by the same model.
    const SpaceVectors& of(const std::string& space) override;

    /// Whether the queries are the searched items themselves.
    bool alone() const override { return &left_ == &right_; }

    /// An index of the right side's blended vectors, to search instead of the space's own; empty
    /// without blending.
    std::optional<Index> blended_index(const std::string& space);

    /// Pictures of the right side that are not to be found.
    const LeftOutPictures& left_out(const std::string& space);

private:
    struct Space {
        SpaceVectors left;
        SpaceVectors right;  ///< only for another collection with blending
    };
    Space& load(const std::string& space);
    const LeftOutPictures& left_out_of_right(const std::string& space);
    std::string left_space(const std::string& space) const;
    void blend_all(const std::string& name, Space& space) const;

    const Collection& left_;
    const Collection& right_;
    BlendOptions blend_;
    SharedPictureOptions shared_;
    const ModelOpener& models_;
    Execution execution_;
    std::mutex mutex_;
    std::map<std::string, Space> spaces_;
    std::map<std::string, LeftOutPictures> left_out_;  ///< of the right side
};

}  // namespace pmatch
