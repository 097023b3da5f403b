/// Vectors of queries that are items of a collection: nothing is embedded again, and they can be
/// blended with those of their neighbours first.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/engine/model_opener.hpp"
#include "core/common/observer.hpp"
#include "core/index/vector_index.hpp"
#include "core/retrieval/stored_vectors.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct BlendOptions {
    std::vector<float> at_least;  ///< a round for each: cosine from which a neighbour counts
    int neighbours = 20;          ///< of a vector, the nearest
};

class CollectionQueryVectors : public StoredQueryVectors {
public:
    /// `left` has the queries, `right` is searched; the same object when a collection is matched
    /// with itself.
    CollectionQueryVectors(const Collection& left, const Collection& right, BlendOptions blend,
                           const ModelOpener& models, const Execution& execution);

    /// The queries' vectors for the space `space` of the right collection; read, and blended, when
    /// they are first asked for. Throws Error, naming both sides and the command that mends it,
    /// when the left collection has no vectors by the same model.
    const SpaceVectors& of(const std::string& space) override;

    /// The queries are the items that are searched.
    bool alone() const override { return &left_ == &right_; }

    /// The right side's vectors as blending left them, to be searched instead of the space's own
    /// index; nothing where nothing is blended.
    std::optional<Index> blended_index(const std::string& space);

private:
    struct Space {
        SpaceVectors left;
        SpaceVectors right;  ///< where it is another collection and blended
    };
    Space& load(const std::string& space);
    std::string left_space(const std::string& space) const;
    void blend_all(const std::string& name, Space& space) const;

    const Collection& left_;
    const Collection& right_;
    BlendOptions blend_;
    const ModelOpener& models_;
    Execution execution_;
    std::mutex mutex_;
    std::map<std::string, Space> spaces_;
};

}  // namespace pmatch
