#include "cli/terminal/process_end.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "cli/terminal/exit_code.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define PMATCH_CHECKS_LEAKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PMATCH_CHECKS_LEAKS 1
#endif
#endif

namespace pmatch::cli {
namespace {

std::terminate_handler default_words = nullptr;
bool leaving = false;

/// Allocates nothing and runs no destructors.
[[noreturn]] void say_and_leave(std::string_view words) noexcept {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
    ::_exit(static_cast<int>(ExitCode::kError));
}

[[noreturn]] void last_words() noexcept {
    try {
        if (const auto error = std::current_exception()) std::rethrow_exception(error);
    } catch (const std::bad_alloc&) {
        say_and_leave(
            "pmatch: error: not enough memory\n"
            "  fix:  run on a machine with more memory, or on less data\n");
    } catch (const std::system_error&) {
        say_and_leave(
            "pmatch: error: the system refused a thread: not enough memory, or too many threads\n"
            "  fix:  give it more memory or threads (ulimit -a), or use --threads 1\n");
    } catch (...) {
    }
    default_words();
    std::abort();
}

void at_exit() {
    if (leaving) return;
    say_and_leave(
        "pmatch: error: a library gave up: not enough memory, or too many threads\n"
        "  fix:  give it more memory or threads (ulimit -a), or use --threads 1\n");
}

}  // namespace

void set_last_words() noexcept {
    default_words = std::set_terminate(last_words);
}

void watch_for_exit() {
    std::atexit(at_exit);
}

void leave(int code) {
    leaving = true;
    std::cout.flush();
    std::cerr.flush();
    std::fflush(stdout);
    std::fflush(stderr);
#ifdef PMATCH_CHECKS_LEAKS
    std::exit(code);  // NOLINT(concurrency-mt-unsafe): the sanitizer looks for leaks at exit
#else
    ::_exit(code);
#endif
}

}  // namespace pmatch::cli
