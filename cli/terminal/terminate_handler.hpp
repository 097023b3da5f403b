/// Error message for exceptions that terminate the program in a library's thread.
#pragma once

namespace pmatch::cli {

/// Installs a terminate handler: exceptions like out of memory or threads in a worker of torch,
/// FAISS or OpenMP give an error message and exit code 1 instead of an abort. Collections stay
/// consistent, as after a SIGKILL. Anything else still aborts, so that a defect leaves a core file.
void set_last_words() noexcept;

}  // namespace pmatch::cli
