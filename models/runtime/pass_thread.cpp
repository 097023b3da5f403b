#include "models/runtime/pass_thread.hpp"

#include <mutex>

#include "models/runtime/pass_thread_pool.hpp"

namespace pmatch {

void run_on_pass_thread(const std::function<void()>& passes) {
    static std::mutex turn;
    static Workers thread(1, [] {});
    const std::lock_guard lock(turn);
    thread.run(1, [&](std::size_t) { passes(); });
}

}  // namespace pmatch
