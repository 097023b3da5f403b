#include "cli/terminal/process_end.hpp"

#include <unistd.h>

#include <csignal>
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

constexpr std::string_view kNoThread =
    "pmatch: error: the system refused a thread: not enough memory, or too many threads\n"
    "  fix:  give it more memory or threads (ulimit -a), or use --threads 1\n";

std::terminate_handler default_words = nullptr;
struct sigaction interrupt_before {};
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
        say_and_leave(kNoThread);
    } catch (...) {
    }
    default_words();
    std::abort();
}

/// OpenBLAS raises the signal of Ctrl-C if it gets no thread while it is loaded.
void on_interrupt(int signal, siginfo_t* info, void*) {
    if (info->si_code == SI_TKILL && info->si_pid == ::getpid()) say_and_leave(kNoThread);
    ::sigaction(signal, &interrupt_before, nullptr);
    ::raise(signal);
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
    struct sigaction action {};
    action.sa_sigaction = on_interrupt;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGINT, &action, &interrupt_before);
}

void libraries_are_loaded() {
    ::sigaction(SIGINT, &interrupt_before, nullptr);
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
