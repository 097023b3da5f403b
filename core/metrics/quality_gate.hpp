/// Quality gates: bounds on metrics, and whether they are met.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace pmatch {

/// The slice of queries whose `field` has this value.
struct SliceName {
    std::string field;
    std::string value;

    std::string text() const { return field + "=" + value; }
    friend bool operator==(const SliceName&, const SliceName&) = default;
    friend bool operator<(const SliceName& a, const SliceName& b) {
        return std::tie(a.field, a.value) < std::tie(b.field, b.value);
    }
};

/// `recall@10=.95`, or `category=Shoes:recall@10=.9` for the queries of one slice.
struct GateBound {
    std::optional<SliceName> slice;
    std::string metric;
    double value = 0;

    /// "recall@10" or "category=Shoes: recall@10".
    std::string subject() const;
};

/// Parses an option's argument: bounds separated by commas. A comma inside a slice's value does not
/// separate as long as the text before it is not a valid bound. `option` is named in UsageError.
std::vector<GateBound> parse_bounds(std::string_view option, const std::string& text);

struct GateCheck {
    enum class Kind { kFailUnder, kMaxDrop };
    Kind kind = Kind::kFailUnder;
    GateBound bound;
    double value = 0;                ///< measured
    std::optional<double> baseline;  ///< of kMaxDrop
    std::optional<double> p;         ///< p-value of the difference, if significance was requested

    /// Below the bound; a drop with a p-value only if that is below kSignificant.
    bool failed() const;
    /// "at least 0.95", or "at most 0.005 below 0.9713".
    std::string wanted() const;
    /// "recall@10 is 0.9231, wanted at least 0.95", and the p-value.
    std::string sentence() const;
};

inline constexpr double kSignificant = 0.05;

/// Failed checks first, otherwise in the given order.
void failed_first(std::vector<GateCheck>& checks);

/// 0.9231 for people: four digits, more if needed to distinguish it from `other`.
std::string format_distinct(double value, double other);

}  // namespace pmatch
