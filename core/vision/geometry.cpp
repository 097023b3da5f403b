#include "core/vision/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "core/vision/descriptor_matches.hpp"

namespace pmatch {
namespace {

/// Guesses that are fitted, those that most agree with.
constexpr std::size_t kFitted = 10;
constexpr int kFits = 4;
/// One keypoint's size and angle are less sure than the fit of many: so much more is tolerated.
constexpr double kGuessTolerance = 2;

/// What takes `from` to `to`, with the size and angle of both.
Similarity guessed(const PointPair& pair) {
    const auto& [from, to] = pair;
    const double scale = to.size / from.size;
    const double turn = (to.angle - from.angle) * std::numbers::pi / 180;
    Similarity guess{scale * std::cos(turn), scale * std::sin(turn)};
    guess.dx = to.x - (guess.a * from.x - guess.b * from.y);
    guess.dy = to.y - (guess.b * from.x + guess.a * from.y);
    return guess;
}

bool agrees(const Similarity& one, const PointPair& pair, double tolerance) {
    const auto& [from, to] = pair;
    const double x = one.a * from.x - one.b * from.y + one.dx - to.x;
    const double y = one.b * from.x + one.a * from.y + one.dy - to.y;
    return x * x + y * y < tolerance * tolerance;
}

using Pairs = std::vector<PointPair>;

Pairs agreeing(const Similarity& one, const Pairs& pairs, double tolerance) {
    Pairs inliers;
    std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(inliers),
                 [&](const auto& pair) { return agrees(one, pair, tolerance); });
    return inliers;
}

/// By least squares; nothing where all are at one place.
std::optional<Similarity> fitted(const Pairs& pairs) {
    double from_x = 0, from_y = 0, to_x = 0, to_y = 0;
    for (const auto& [from, to] : pairs) {
        from_x += from.x;
        from_y += from.y;
        to_x += to.x;
        to_y += to.y;
    }
    const auto count = static_cast<double>(pairs.size());
    from_x /= count, from_y /= count, to_x /= count, to_y /= count;
    double along = 0, across = 0, squares = 0;
    for (const auto& [from, to] : pairs) {
        const double x = from.x - from_x, y = from.y - from_y;
        along += x * (to.x - to_x) + y * (to.y - to_y);
        across += x * (to.y - to_y) - y * (to.x - to_x);
        squares += x * x + y * y;
    }
    if (!(squares > 0)) return std::nullopt;
    Similarity fit{along / squares, across / squares};
    fit.dx = to_x - (fit.a * from_x - fit.b * from_y);
    fit.dy = to_y - (fit.b * from_x + fit.a * from_y);
    return fit;
}

bool in_bounds(const Similarity& one, const GeometryOptions& options) {
    const double scale = one.scale();
    return scale >= options.smallest_scale && scale <= options.largest_scale;
}

/// The guesses that most agree with, of equal ones the first.
std::vector<Similarity> best_guesses(const Pairs& pairs, const GeometryOptions& options) {
    std::vector<std::pair<std::ptrdiff_t, Similarity>> guesses;
    for (const auto& pair : pairs) {
        const auto guess = guessed(pair);
        if (!in_bounds(guess, options)) continue;
        const auto tolerance = kGuessTolerance * options.tolerance;
        const auto count = std::count_if(pairs.begin(), pairs.end(), [&](const auto& other) {
            return agrees(guess, other, tolerance);
        });
        guesses.emplace_back(count, guess);
    }
    std::stable_sort(guesses.begin(), guesses.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Similarity> best;
    for (std::size_t i = 0; i < std::min(kFitted, guesses.size()); ++i)
        best.push_back(guesses[i].second);
    return best;
}

Similarity fitted_to_agreeing(Similarity guess, const Pairs& pairs, double tolerance) {
    double tolerated = kGuessTolerance * tolerance;
    for (int i = 0; i < kFits; ++i) {
        const auto fit = fitted(agreeing(guess, pairs, tolerated));
        if (!fit) return guess;
        guess = *fit;
        tolerated = tolerance;
    }
    return guess;
}

}  // namespace

double Similarity::scale() const {
    return std::hypot(a, b);
}

double Similarity::degrees() const {
    return std::atan2(b, a) * 180 / std::numbers::pi;
}

namespace {

Geometry compare_as_they_are(const Keypoints& from, const Keypoints& to,
                             const GeometryOptions& options) {
    Geometry geometry;
    Pairs pairs;
    for (const auto& match : match_descriptors(from, to, options.ratio))
        pairs.push_back({from.points[match.from], to.points[match.to]});
    geometry.matches = pairs.size();
    if (pairs.size() <= options.by_chance) return geometry;
    for (const auto& guess : best_guesses(pairs, options)) {
        const auto fit = fitted_to_agreeing(guess, pairs, options.tolerance);
        if (!in_bounds(fit, options)) continue;
        auto inliers = agreeing(fit, pairs, options.tolerance);
        if (inliers.size() <= geometry.pairs.size()) continue;
        geometry.transform = fit;
        geometry.pairs = std::move(inliers);
    }
    return geometry;
}

}  // namespace

Geometry compare_geometry(const Keypoints& from, const Keypoints& to,
                          const GeometryOptions& options) {
    auto geometry = compare_as_they_are(from, to, options);
    if (!options.mirrored) return geometry;
    auto other = compare_as_they_are(mirrored(from), to, options);
    if (other.inliers() <= std::max(geometry.inliers(), options.by_chance)) return geometry;
    other.mirrored = true;
    for (auto& pair : other.pairs)
        pair.from = mirrored(pair.from);
    return other;
}

double geometry_score(std::size_t inliers, const GeometryOptions& options) {
    return inliers > options.by_chance
               ? std::log1p(static_cast<double>(inliers - options.by_chance))
               : 0;
}

}  // namespace pmatch
