/// Parses, runs the job, and converts exceptions to exit codes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/terminal/process_end.hpp"
#include "core/common/system_reason.hpp"
#include "core/common/version.hpp"
#include "core/threads/cpu_slots.hpp"
#include "core/threads/single_threaded_blas.hpp"
#include "data/collection/collection_lock.hpp"
#include "models/runtime/module.hpp"

namespace {

using pmatch::cli::ExitCode;

constexpr std::string_view kFooter =
    "A first collection:\n"
    "  pmatch ingest shop catalog.csv\n"
    "  pmatch embed shop --model packages/minilm-l6\n"
    "  pmatch build-index shop\n"
    "  pmatch query shop --text 'red mug with white dots'\n"
    "\n"
    "Exit codes: 0 done, 1 error, 2 wrong command line, 3 done but inputs were skipped,\n"
    "4 below the gate of `evaluate`, 130 interrupted.";

/// Adds the flags that stand before or behind a verb, and returns how the verbs' help names them.
std::string add_global_flags(pmatch::cli::Verb& app, pmatch::cli::GlobalOptions& options) {
    std::vector<std::string> names;
    const auto named = [&](pmatch::cli::Option* option, const std::string& value) {
        names.push_back(option->name() + value);
        return option;
    };
    named(app.add_flag("--quiet", options.quiet, "Say nothing but errors"), "");
    named(app.add_flag("--verbose", options.verbose, "Also say settings and costs"), "");
    named(app.add_option("--threads", options.threads, "Threads to use; 0 = all cores"), " N")
        ->capture_default_str()
        ->check(pmatch::cli::range(0, 1024));
    named(app.add_option("--wait", options.wait,
                         "Seconds to wait for another pmatch that writes to the collection"),
          " SECONDS")
        ->capture_default_str()
        ->check(pmatch::cli::range(0.0, 1e6));
    const auto last = names.back();
    names.pop_back();
    return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

/// The one that the job works on, or searches; empty when there is none.
std::string collection_of(const pmatch::cli::Program& app) {
    for (const char* name : {"COLLECTION", "A"}) {
        if (auto collection = app.given(name); !collection.empty()) return collection;
    }
    return {};
}

int run(const pmatch::cli::Job& job, const std::string& collection, pmatch::cli::Context& context) {
    try {
        const auto code =
            static_cast<int>(pmatch::naming_collection(collection, [&] { return job(context); }));
        std::cout.flush();
        if (!std::cout) {
            throw pmatch::Error{"cannot write the results to standard output",
                                {},
                                "check the disk or the program that reads them"};
        }
        return code;
    } catch (const pmatch::UsageError& error) {
        context.console.error(error);
        return static_cast<int>(ExitCode::kUsage);
    } catch (const pmatch::Error& error) {
        context.console.error(error);
    } catch (const std::bad_alloc&) {
        context.console.error(
            {"not enough memory", {}, "run on a machine with more memory, or on less data"});
    } catch (const std::filesystem::filesystem_error& error) {
        context.console.error({pmatch::system_reason(error.code().value()), error.path1().string(),
                               "check the path, its permissions and the disk"});
    } catch (const std::system_error& error) {
        // A thread gets no stack: that is EAGAIN, too.
        const bool thread = error.code() == std::errc::resource_unavailable_try_again;
        context.console.error({thread ? "not enough memory, or too many threads"
                                      : std::string("the system refused: ") + error.what(),
                               {},
                               "give it more memory, threads or open files (ulimit -a)"});
    } catch (const std::exception& error) {
        context.console.error({error.what(), {}, "this is a defect of pmatch: please report it"});
    }
    return static_cast<int>(ExitCode::kError);
}

/// Runs before static initialisation of the libraries, which may kill the process if memory is
/// short.
[[gnu::section(".preinit_array"),
  gnu::used]] void (*before_libraries)() =  // NOLINT(*-global-variables)
    pmatch::cli::set_last_words;

/// Threads of OpenMP that wait for each other spin for long by default: beside a busy process one
/// of them has no core, and the others burn theirs. If they sleep at once, a short text takes twice
/// as long; 1,000 turns (some 20 us) bridge the gaps between two layers. Runs before OpenMP's
/// runtime reads its settings, which is linked into the program for it; a user's own come first.
[[gnu::constructor(101)]] void let_openmp_sleep_soon() {
    if (std::getenv("OMP_WAIT_POLICY") == nullptr) ::setenv("GOMP_SPINCOUNT", "1000", 0);
}

int run_program(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    pmatch::cli::GlobalOptions options;
    pmatch::cli::Console console;
    pmatch::cli::Job job;

    pmatch::cli::Program app("pmatch", "Matches products by picture and text.",
                             std::string("pmatch ") + pmatch::kVersion);
    const auto global_flags = add_global_flags(app, options);
    app.footer(std::string(kFooter));
    for (auto* add : pmatch::cli::kCommands)
        add(app, job);
    app.add_to_footers("\nEvery verb also takes " + global_flags + ".");
    try {
        if (!app.parse(argc, argv)) return static_cast<int>(ExitCode::kDone);
    } catch (const pmatch::UsageError& error) {
        console.error(error);
        return static_cast<int>(ExitCode::kUsage);
    }
    using Level = pmatch::cli::Console::Level;
    console.set_level(options.quiet     ? Level::kQuiet
                      : options.verbose ? Level::kVerbose
                                        : Level::kNormal);
    pmatch::set_lock_wait(options.wait);
    pmatch::set_cpu_slots(options.threads);
    // torch, FAISS and their BLAS take the number of threads from the calling thread.
    if (options.threads > 0) {
        pmatch::set_library_threads(options.threads);
        pmatch::set_threads_of_a_pass(options.threads);
    }
    pmatch::cli::Context context{options, console};
    return run(job, collection_of(app), context);
}

}  // namespace

int main(int argc, char** argv) {
    pmatch::cli::libraries_are_loaded();
    pmatch::cli::leave(run_program(argc, argv));
}
