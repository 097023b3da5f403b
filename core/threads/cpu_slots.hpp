/// A process-wide budget of processor cores, so that threads which decode, tokenise and run forward
/// passes together never use more cores than the user allows.
#pragma once

namespace pmatch {

/// Maximum number of busy cores, from 1; 0 = all cores. Set once before work begins; unlimited
/// until then.
void set_cpu_slots(int slots);
/// The value set; 0 = not set yet.
int cpu_slots();

/// Held by a thread while it computes, but not while it waits for a file, a lock or another thread.
/// A holder must not acquire another one.
class CpuSlots {
public:
    /// Waits until `wanted` cores are free, or all if `wanted` exceeds their number.
    explicit CpuSlots(int wanted = 1);
    ~CpuSlots();
    CpuSlots(const CpuSlots&) = delete;
    CpuSlots& operator=(const CpuSlots&) = delete;

private:
    int taken_ = 0;
};

}  // namespace pmatch
