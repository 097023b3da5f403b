/// What a subcommand leaves behind after parsing: the work to do, run by main().
#pragma once

#include <functional>

#include "cli/terminal/console.hpp"
#include "cli/terminal/exit_code.hpp"

namespace pmatch::cli {

struct GlobalOptions {
    bool quiet = false;
    bool verbose = false;
    int threads = 0;  ///< 0 = all cores
    double wait = 0;  ///< seconds, for another writer
};

struct Context {
    const GlobalOptions& options;
    Console& console;

    Execution execution() const { return {console, options.threads}; }
};

using Job = std::function<ExitCode(Context&)>;

}  // namespace pmatch::cli
