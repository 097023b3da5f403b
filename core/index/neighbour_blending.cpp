#include "core/index/neighbour_blending.hpp"

#include <cmath>

namespace pmatch {
namespace {

void add(std::vector<double>& sum, std::span<const float> vector, double weight) {
    for (std::size_t d = 0; d < sum.size(); ++d)
        sum[d] += weight * vector[d];
}

}  // namespace

std::vector<float> blend(std::span<const float> all, int dim, std::size_t first,
                         std::span<const std::vector<Neighbour>> neighbours, float at_least) {
    const auto width = static_cast<std::size_t>(dim);
    std::vector<float> blended;
    blended.reserve(neighbours.size() * width);
    std::vector<double> sum(width);
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
        const auto own = all.subspan((first + i) * width, width);
        sum.assign(own.begin(), own.end());
        for (const auto& [place, score] : neighbours[i]) {
            const auto at = static_cast<std::size_t>(place);
            if (at == first + i || score < at_least) continue;
            add(sum, all.subspan(at * width, width), score);
        }
        double squares = 0;
        for (const double value : sum)
            squares += value * value;
        if (squares == 0) {  // they cancel out
            blended.insert(blended.end(), own.begin(), own.end());
            continue;
        }
        const double length = std::sqrt(squares);
        for (const double value : sum)
            blended.push_back(static_cast<float>(value / length));
    }
    return blended;
}

}  // namespace pmatch
