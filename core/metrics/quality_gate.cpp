#include "core/metrics/quality_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// Tolerance for sums in a different order.
constexpr double kRounding = 1e-12;

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// Empty if `text` is not a complete bound.
std::optional<GateBound> parse_bound(std::string_view text) {
    const auto equals = text.rfind('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto value = number(text.substr(equals + 1));
    if (!value) return std::nullopt;
    GateBound bound{std::nullopt, std::string(text.substr(0, equals)), *value};
    const auto colon = bound.metric.rfind(':');
    if (colon == std::string::npos) {
        if (bound.metric.empty() || bound.metric.find('=') != std::string::npos) {
            return std::nullopt;
        }
        return bound;
    }
    const auto slice = bound.metric.substr(0, colon);
    const auto between = slice.find('=');
    if (between == std::string::npos || between == 0) return std::nullopt;
    bound.slice = SliceName{slice.substr(0, between), slice.substr(between + 1)};
    bound.metric.erase(0, colon + 1);
    return bound;
}

}  // namespace

std::string GateBound::subject() const {
    return slice ? slice->text() + ": " + metric : metric;
}

std::vector<GateBound> parse_bounds(std::string_view option, const std::string& text) {
    std::vector<GateBound> bounds;
    std::size_t start = 0;
    for (std::size_t comma = text.find(',');; comma = text.find(',', comma + 1)) {
        const auto end = std::min(comma, text.size());
        auto bound = parse_bound(std::string_view(text).substr(start, end - start));
        if (bound) {
            bounds.push_back(std::move(*bound));
            start = end + 1;
        }
        if (comma == std::string::npos) break;
    }
    for (const auto& bound : bounds) {
        if (bound.value <= 1) continue;
        throw UsageError{fmt::format("{} {} is {}, and metrics are from 0 to 1", option,
                                     bound.subject(), bound.value),
                         fmt::format("write 95 % as in {} {}=.95", option, bound.subject())};
    }
    if (start > text.size() && !bounds.empty()) return bounds;
    throw UsageError{
        fmt::format("{} has '{}', which is no METRIC=NUMBER", option,
                    text.substr(std::min(start, text.size()))),
        fmt::format("write it as in {0} recall@10=.95, or {0} category=Shoes:recall@10=.9",
                    option)};
}

bool GateCheck::failed() const {
    if (kind == Kind::kFailUnder) return value < bound.value - kRounding;
    if (baseline.value_or(0) - value <= bound.value + kRounding) return false;
    return !p || *p < kSignificant;
}

std::string GateCheck::wanted() const {
    if (kind == Kind::kFailUnder) return fmt::format("at least {}", bound.value);
    return fmt::format("at most {} below {}", bound.value,
                       format_distinct(baseline.value_or(0), value));
}

std::string GateCheck::sentence() const {
    const double other = baseline.value_or(bound.value);
    auto text = fmt::format("{} is {}, wanted {}", bound.subject(), format_distinct(value, other),
                            wanted());
    if (p) text += fmt::format(" (p = {:.4f})", *p);
    return text;
}

void failed_first(std::vector<GateCheck>& checks) {
    std::stable_partition(checks.begin(), checks.end(),
                          [](const GateCheck& check) { return check.failed(); });
}

std::string format_distinct(double value, double other) {
    int digits = 4;
    while (digits < 12 && value != other &&
           fmt::format("{:.{}f}", value, digits) == fmt::format("{:.{}f}", other, digits)) {
        ++digits;
    }
    return fmt::format("{:.{}f}", value, digits);
}

}  // namespace pmatch
