#include "core/common/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr int kMostShards = 1'000'000;

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc{} || stop != end || value < 0) return std::nullopt;
    return value;
}

}  // namespace

std::string Shard::text() const {
    return fmt::format("{}/{}", index, count);
}

Shard Shard::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto index = whole_number(text.substr(0, slash));
    const auto count =
        slash == std::string_view::npos ? std::nullopt : whole_number(text.substr(slash + 1));
    if (index && count && *index < *count && *count <= kMostShards) return {*index, *count};
    throw UsageError{fmt::format("'{}' is no shard", text),
                     "write i/n: shard i of n, counted from 0, such as 0/8 for the first of eight"};
}

}  // namespace pmatch
