/// Whether two pictures show the same printed thing: keypoints that look alike must also lie alike.
#pragma once

#include <cstddef>
#include <vector>

#include "core/vision/keypoints.hpp"

namespace pmatch {

/// Tried on the Grocery Store Dataset's training photos, see docs/geometry.md.
struct GeometryOptions {
    double ratio = 0.9;           ///< of distances to the nearest and the second nearest descriptor
    double tolerance = 8;         ///< pixels, as searched, from where a keypoint should be
    double smallest_scale = 0.1;  ///< of the one picture in the other
    double largest_scale = 8;
    /// Unrelated pictures have up to about so many inliers by chance: only those beyond it count,
    /// and with no more matches none are sought.
    std::size_t by_chance = 4;
    bool mirrored = false;  ///< the first picture is compared as a mirror shows it, too
};

/// Where the point (x, y) of the first picture is in the second: (a x - b y + dx, b x + a y + dy).
struct Similarity {
    double a = 1;
    double b = 0;
    double dx = 0;
    double dy = 0;

    double scale() const;
    double degrees() const;  ///< -180 to 180
};

/// A pair of keypoints on which the similarity agrees.
struct PointPair {
    Keypoint from;
    Keypoint to;
};

struct Geometry {
    std::size_t matches = 0;       ///< keypoints that look alike
    Similarity transform;          ///< meaningful with inliers
    bool mirrored = false;         ///< of the first picture with left and right exchanged: (-x, y)
    std::vector<PointPair> pairs;  ///< the inliers

    std::size_t inliers() const { return pairs.size(); }
};

/// The similarity that most matches agree on. Each match is a guess of it, by the places, sizes and
/// angles of its two keypoints (Philbin et al., "Object retrieval with large vocabularies and fast
/// spatial matching", CVPR 2007); the best guesses are fitted to what agrees with them. Nothing is
/// drawn by lot: equal inputs give equal results.
Geometry compare_geometry(const Keypoints& from, const Keypoints& to,
                          const GeometryOptions& options = {});

/// ln(1 + the inliers beyond those by chance); 0 without.
double geometry_score(std::size_t inliers, const GeometryOptions& options = {});

}  // namespace pmatch
