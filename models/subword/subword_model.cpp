#include "models/subword/subword_model.hpp"

#include <atomic>

namespace pmatch {

SubwordModel::SubwordModel() {
    static std::atomic<std::uint64_t> next{0};
    number_ = next++;
}

}  // namespace pmatch
