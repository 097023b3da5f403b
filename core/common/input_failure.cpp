#include "core/common/input_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

namespace pmatch {
namespace {

/// What is exhausted or broken for every file. A name that is too long or a loop of links is not.
bool is_of_the_machine(const std::error_code& code) {
    constexpr std::array kErrors{ENOMEM, EAGAIN, EMFILE, ENFILE, ENOSPC, EDQUOT, EROFS, EIO};
    const bool of_a_call =
        code.category() == std::generic_category() || code.category() == std::system_category();
    return of_a_call && std::find(kErrors.begin(), kErrors.end(), code.value()) != kErrors.end();
}

}  // namespace

bool ends_the_run(const std::exception& error) {
    // An array of a length that cannot be: the length comes from the input.
    if (dynamic_cast<const std::bad_array_new_length*>(&error) != nullptr) return false;
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
    if (const auto* system = dynamic_cast<const std::system_error*>(&error))
        return is_of_the_machine(system->code());
    return dynamic_cast<const SystemError*>(&error) != nullptr ||
           dynamic_cast<const UsageError*>(&error) != nullptr ||
           dynamic_cast<const Interruption*>(&error) != nullptr;
}

Problem problem_of_input(std::string code) {
    try {
        throw;
    } catch (const std::exception& error) {
        if (ends_the_run(error)) throw;
        return {std::move(code), error.what()};
    } catch (...) {
        return {std::move(code), "an exception of a type that says nothing"};
    }
}

}  // namespace pmatch
