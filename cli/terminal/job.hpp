/// The result of parsing a subcommand: a job, which main() runs.
#pragma once

#include <functional>

#include "cli/terminal/console.hpp"
#include "cli/terminal/exit_code.hpp"

namespace pmatch::cli {

struct GlobalOptions {
    bool quiet = false;
    bool verbose = false;
    int threads = 0;  ///< 0 = all cores
    double wait = 0;  ///< seconds to wait for another writer
};

struct Context {
    const GlobalOptions& options;
    Console& console;

    Execution execution() const { return {console, options.threads}; }
};

using Job = std::function<ExitCode(Context&)>;

}  // namespace pmatch::cli
