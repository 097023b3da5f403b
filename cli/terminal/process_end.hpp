/// How the process ends: with a message where a library would end it without one, and without the
/// clean-up of libraries, which may wait for ever when memory was short.
#pragma once

namespace pmatch::cli {

/// Called before the libraries are initialised. Installs a terminate handler: exceptions like out
/// of memory or threads in a worker of torch, FAISS or OpenMP give an error message and exit code 1
/// instead of an abort. Collections stay consistent, as after a SIGKILL. Anything else still
/// aborts, so that a defect leaves a core file.
void set_last_words() noexcept;

/// Called when main() begins; from then on a library that calls exit(), as OpenMP does when it gets
/// no thread, gives such a message, too.
void libraries_are_loaded();

/// Ends the process after what was printed is written. No destructor of a static object or library
/// runs: OpenBLAS's waits for threads that never began if there was no memory for them.
[[noreturn]] void leave(int code);

}  // namespace pmatch::cli
