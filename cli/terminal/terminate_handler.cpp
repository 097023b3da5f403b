#include "cli/terminal/terminate_handler.hpp"

#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "cli/terminal/exit_code.hpp"

namespace pmatch::cli {
namespace {

std::terminate_handler default_words = nullptr;

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
            "pmatch: error: out of memory\n"
            "  fix:  run on a machine with more memory, or on less data\n");
    } catch (const std::system_error&) {
        say_and_leave(
            "pmatch: error: the system refused a thread\n"
            "  fix:  give it more memory or threads (ulimit -a), or use --threads 1\n");
    } catch (...) {
    }
    default_words();
    std::abort();
}

}  // namespace

void set_last_words() noexcept {
    default_words = std::set_terminate(last_words);
}

}  // namespace pmatch::cli
