/// Internal to core: the process-wide thread pool for loops. A single pool, so that concurrent
/// loops do not each create their own threads.
#pragma once

#include <functional>

namespace pmatch {

/// Lets up to `count` pool threads call `work` as they become free; if no work is left, it must
/// return immediately. Returns without waiting.
void post_to_pool(int count, const std::function<void()>& work);

}  // namespace pmatch
