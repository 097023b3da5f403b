/// Internal to core: the threads of the process that loops are shared out to. One pool, so that
/// many who loop at the same time do not each bring threads of their own.
#pragma once

#include <functional>

namespace pmatch {

/// Lets up to `count` pool threads call `work`, as they become free; threads that find none to do
/// must return from it at once. Returns without waiting.
void post_to_pool(int count, const std::function<void()>& work);

}  // namespace pmatch
