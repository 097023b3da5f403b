/// One budget of processor cores for all threads of the process, so that threads which decode,
/// tokenise and run forward passes together never keep more cores busy than the user allows.
#pragma once

namespace pmatch {

/// How many cores may be busy at a time, from 1; 0 = as many as there are. Set once, before work
/// begins; until then nothing is limited.
void set_cpu_slots(int slots);
/// What was set; 0 = nothing yet.
int cpu_slots();

/// Held by a thread while it computes; not while it waits for a file, a lock or another thread.
/// A holder must not ask for another one.
class CpuSlots {
public:
    /// Waits until `wanted` cores are free, or all of them when `wanted` is more than there are.
    explicit CpuSlots(int wanted = 1);
    ~CpuSlots();
    CpuSlots(const CpuSlots&) = delete;
    CpuSlots& operator=(const CpuSlots&) = delete;

private:
    int taken_ = 0;
};

}  // namespace pmatch
