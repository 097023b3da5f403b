#include "core/common/input_failure.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

namespace {

using namespace pmatch;

template <typename Thrown>
bool becomes_a_problem(const Thrown& thrown) {
    try {
        return attempt("code", [&] { throw thrown; })->code == "code";
    } catch (...) {
        return false;
    }
}

std::system_error failed_call(int code) {
    return {code, std::generic_category(), "a call"};
}

}  // namespace

TEST_CASE("what one input makes a function throw is that input's problem, whatever its type") {
    CHECK(becomes_a_problem(Error{"too narrow", {}, "leave it out"}));
    CHECK(becomes_a_problem(std::runtime_error("odd")));
    CHECK(becomes_a_problem(std::length_error("vector::_M_default_append")));
    CHECK(becomes_a_problem(std::bad_array_new_length()));
    CHECK(becomes_a_problem(42));
    CHECK(becomes_a_problem("words"));
    for (const int code : {ENAMETOOLONG, ELOOP, EACCES, ENOENT, EINVAL})
        CHECK(becomes_a_problem(failed_call(code)));
    CHECK(attempt("code", [] { throw std::runtime_error("odd"); })->detail == "odd");
    CHECK_FALSE(attempt("code", [] {}).has_value());
}

TEST_CASE("what the machine lacks ends the run") {
    CHECK_FALSE(becomes_a_problem(std::bad_alloc()));
    CHECK_FALSE(becomes_a_problem(SystemError{"the disk is full", {}, "free some space"}));
    CHECK_FALSE(becomes_a_problem(UsageError{"no such option", "leave it out"}));
    CHECK_FALSE(becomes_a_problem(Interruption{"stopped", {}, "run it again"}));
    for (const int code : {ENOMEM, EAGAIN, EMFILE, ENFILE, ENOSPC, EDQUOT, EROFS, EIO})
        CHECK_FALSE(becomes_a_problem(failed_call(code)));
    CHECK_FALSE(becomes_a_problem(std::filesystem::filesystem_error(
        "a call", std::make_error_code(std::errc::no_space_on_device))));
}
