/// The thread for forward passes that use several cores.
#pragma once

#include <functional>

namespace pmatch {

/// Runs `passes` on the process's one such thread and waits; others wait for their turn. Rethrows
/// its exception. OpenMP keeps a team of threads for every thread that ever ran a parallel loop,
/// and once the teams have more threads than there are cores, it puts each to sleep between two
/// loops instead of letting it spin: a short text then takes twice as long.
void run_on_pass_thread(const std::function<void()>& passes);

}  // namespace pmatch
