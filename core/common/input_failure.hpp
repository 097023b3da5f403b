/// Decides what an exception in a worker means: that one input cannot be used, which is a row of
/// the ledger, or that the run cannot go on.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "core/common/error.hpp"
#include "core/common/problem.hpp"

namespace pmatch {

/// Somebody wished the work to end; no input is at fault.
class Interruption : public Error {
public:
    using Error::Error;
};

/// Whether the exception would meet every input: memory, disk, descriptors, threads, a wrong
/// command line, a wish to stop. Everything else is said to come from the input in hand.
bool ends_the_run(const std::exception& error);

/// Called in a `catch (...)` block around the work on one input. Rethrows the exception if it ends
/// the run; any other, of whatever type, becomes the input's problem.
Problem problem_of_input(std::string code);

/// Runs `job`, the work on one input, and returns its problem, if it has one.
template <typename Job>
std::optional<Problem> attempt(const char* code, const Job& job) {
    try {
        job();
        return std::nullopt;
    } catch (...) {
        return problem_of_input(code);
    }
}

}  // namespace pmatch
