/// What the program says when an exception leaves a thread that nobody can catch it in.
#pragma once

namespace pmatch::cli {

/// From now on an exception that ends the program (out of memory or threads within a worker of
/// torch, FAISS or OpenMP) is an error message and exit code 1 instead of an abort. The store is
/// as after a SIGKILL: whole. Anything else still aborts, so that a defect leaves its core file.
void set_last_words() noexcept;

}  // namespace pmatch::cli
