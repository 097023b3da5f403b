/// Exit codes, a stable interface for scripts.
#pragma once

namespace pmatch::cli {

enum class ExitCode {
    kDone = 0,
    kError = 1,         ///< stopped by an error; nothing half-written
    kUsage = 2,         ///< the command line was wrong; nothing was written
    kSkipped = 3,       ///< done, but some inputs were skipped; the ledger lists them
    kBelowGate = 4,     ///< `evaluate` measured, and the result is below the gate
    kInterrupted = 130  ///< stopped by Ctrl-C; all finished work is kept
};

}  // namespace pmatch::cli
