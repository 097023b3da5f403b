#include "data/engines/key_comparison.hpp"

#include <tuple>
#include <utility>

namespace pmatch {

KeyComparison::KeyComparison(std::function<bool(InputKey&)> next) : next_(std::move(next)) {
    step();
}

void KeyComparison::step() {
    any_ = next_(there_);
}

KeyComparison::State KeyComparison::compare(const InputKey& live) {
    const auto place = [](const InputKey& key) { return std::tuple(key.row, key.ordinal); };
    while (any_ && place(there_) < place(live)) {
        gone_.push_back(there_);
        step();
    }
    if (!any_ || place(there_) != place(live)) return State::kNew;
    const bool same = there_.content == live.content;
    if (!same) gone_.push_back(there_);
    step();
    return same ? State::kSame : State::kChanged;
}

void KeyComparison::finish() {
    for (; any_; step())
        gone_.push_back(there_);
}

}  // namespace pmatch
