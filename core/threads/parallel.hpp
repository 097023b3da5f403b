/// A parallel loop.
#pragma once

#include <cstddef>
#include <functional>

namespace pmatch {

/// `threads` or, for 0, the limit of set_cpu_slots(); if that was never called, the machine's
/// cores.
int thread_count(int threads);

/// Calls work(begin, end) for pieces of size `piece` (the last may be shorter) that cover 0..count
/// once, on the calling thread and at most `threads` - 1 (0 = thread_count(0)) others of the
/// process-wide pool. Rethrows the first exception after all threads have finished.
void for_pieces(std::size_t count, int threads,
                const std::function<void(std::size_t begin, std::size_t end)>& work,
                std::size_t piece = 32);

}  // namespace pmatch
