/// A loop over threads.
#pragma once

#include <cstddef>
#include <functional>

namespace pmatch {

/// `threads` or, for 0, as many as set_cpu_slots() allows; before it was called, the machine's
/// cores.
int thread_count(int threads);

/// Calls work(begin, end) for pieces of `piece` (the last may be shorter) that cover 0..count once,
/// from the calling thread and at most `threads` - 1 (0 = thread_count(0)) others of the process's
/// one pool. The first exception is thrown again here, after all of them are done with it.
void for_pieces(std::size_t count, int threads,
                const std::function<void(std::size_t begin, std::size_t end)>& work,
                std::size_t piece = 32);

}  // namespace pmatch
