/// Internal to data/engines: the collection's live keys beside those of an engine.
#pragma once

#include <functional>
#include <vector>

#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

/// A merge of two ascending sequences.
class KeyComparison {
public:
    enum class State { kNew, kChanged, kSame };

    /// `next` gives the engine's keys in ascending (row, ordinal); false at the end.
    explicit KeyComparison(std::function<bool(InputKey&)> next);

    /// What the engine has for the next live key; these must ascend.
    State compare(const InputKey& live);
    /// No live key is left.
    void finish();

    /// The engine's keys that no live key equals, also those whose content has changed.
    const std::vector<InputKey>& gone() const { return gone_; }

private:
    void step();

    std::function<bool(InputKey&)> next_;
    InputKey there_;
    bool any_ = false;
    std::vector<InputKey> gone_;
};

}  // namespace pmatch
