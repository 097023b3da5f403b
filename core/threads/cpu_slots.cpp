#include "core/threads/cpu_slots.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pmatch {
namespace {

struct Budget {
    std::mutex mutex;
    std::condition_variable freed;
    int slots = 0;  ///< 0: unlimited
    int taken = 0;
};

Budget& budget() {
    static Budget the_budget;
    return the_budget;
}

}  // namespace

void set_cpu_slots(int slots) {
    auto& b = budget();
    const std::lock_guard lock(b.mutex);
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    b.slots = slots > 0 ? slots : std::max(cores, 1);
}

int cpu_slots() {
    auto& b = budget();
    const std::lock_guard lock(b.mutex);
    return b.slots;
}

CpuSlots::CpuSlots(int wanted) {
    auto& b = budget();
    std::unique_lock lock(b.mutex);
    if (b.slots == 0) return;
    const int share = std::clamp(wanted, 1, b.slots);
    b.freed.wait(lock, [&] { return b.taken + share <= b.slots; });
    b.taken += share;
    taken_ = share;
}

CpuSlots::~CpuSlots() {
    if (taken_ == 0) return;
    auto& b = budget();
    {
        const std::lock_guard lock(b.mutex);
        b.taken -= taken_;
    }
    b.freed.notify_all();
}

}  // namespace pmatch
