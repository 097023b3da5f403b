#include "core/rerank/listwise_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/rerank/cholesky.hpp"

namespace pmatch {
namespace {

constexpr int kSteps = 30;
constexpr double kLeastRate = 1e-4;
constexpr double kLeastGain = 1e-9;  ///< convergence: smallest decrease of the loss
constexpr double kLeastRight = 1e-30;
constexpr double kNegligible = 1e-9;  ///< candidates with a smaller p are ignored in covariances

struct Softmax {
    std::vector<double> p;
    double right = 0;  ///< sum of p over the true candidates
    bool has_right = false;
};

class Fit {
public:
    explicit Fit(const FitData& data) : data_(data), z_(data.features.size()) {}

    std::size_t size() const { return z_.size(); }

    const std::vector<double>& row(const FitQuery& query, std::size_t at) {
        const auto* values = query.rows.data() + at * data_.width;
        for (std::size_t i = 0; i < z_.size(); ++i) {
            const auto& [column, mean, factor] = data_.features[i];
            const bool absent = column == FitFeature::kNoColumn || std::isnan(values[column]);
            z_[i] = absent ? 0 : (static_cast<double>(values[column]) - mean) * factor;
        }
        return z_;
    }

    Softmax softmax(const FitQuery& query, const std::vector<double>& weights) {
        Softmax result;
        result.p.resize(query.right.size());
        for (std::size_t at = 0; at < result.p.size(); ++at) {
            const auto& z = row(query, at);
            for (std::size_t i = 0; i < z.size(); ++i)
                result.p[at] += z[i] * weights[i];
        }
        const double most = *std::max_element(result.p.begin(), result.p.end());
        double sum = 0;
        for (auto& p : result.p) {
            p = std::exp(p - most);
            sum += p;
        }
        for (std::size_t at = 0; at < result.p.size(); ++at) {
            result.p[at] /= sum;
            if (query.right[at] == 0) continue;
            result.right += result.p[at];
            result.has_right = true;
        }
        result.right = std::max(result.right, kLeastRight);
        return result;
    }

    double loss(const std::vector<double>& weights) {
        double sum = 0;
        for (const auto& query : data_.queries) {
            if (query.right.empty()) continue;
            const auto result = softmax(query, weights);
            if (result.has_right) sum -= std::log(result.right);
        }
        return sum;
    }

    /// Adds the covariance of the features under p, and the gradient of the loss to `gradient`, if
    /// given.
    void add(const FitQuery& query, const Softmax& result, FitMatrix& covariance,
             std::vector<double>* gradient) {
        const auto n = size();
        std::vector<double> mean(n);
        for (std::size_t at = 0; at < result.p.size(); ++at) {
            const double p = result.p[at];
            if (p < kNegligible) continue;
            const auto& z = row(query, at);
            const double slope = query.right[at] != 0 ? p - p / result.right : p;
            for (std::size_t i = 0; i < n; ++i) {
                const double pz = p * z[i];
                mean[i] += pz;
                if (gradient != nullptr) (*gradient)[i] += slope * z[i];
                double* line = covariance.data() + i * n;
                for (std::size_t j = 0; j <= i; ++j)
                    line[j] += pz * z[j];
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j <= i; ++j)
                covariance[i * n + j] -= mean[i] * mean[j];
        }
    }

private:
    const FitData& data_;
    std::vector<double> z_;  ///< the last row requested
};

/// Copies the lower triangle to the upper one.
void mirror(FitMatrix& matrix, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
            matrix[i * n + j] = matrix[j * n + i];
    }
}

/// Gradient of the regularisation: prior · (w - begin).
std::vector<double> pull(const std::vector<double>& weights, const std::vector<double>& begin,
                         const FitMatrix& prior) {
    const auto n = weights.size();
    std::vector<double> result(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            result[i] += prior[i * n + j] * (weights[j] - begin[j]);
    }
    return result;
}

double penalty(const std::vector<double>& weights, const std::vector<double>& begin,
               const FitMatrix& prior) {
    const auto force = pull(weights, begin, prior);
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += force[i] * (weights[i] - begin[i]) / 2;
    return sum;
}

std::vector<double> moved(const std::vector<double>& weights, const std::vector<double>& step,
                          double rate) {
    auto result = weights;
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] -= rate * step[i];
    return result;
}

}  // namespace

std::vector<double> fit_listwise(const FitData& data, const std::vector<double>& begin,
                                 const FitMatrix& prior) {
    Fit fit(data);
    auto weights = begin;
    double now = fit.loss(weights);
    for (int step = 0; step < kSteps; ++step) {
        auto gradient = pull(weights, begin, prior);
        FitMatrix curvature(prior.size());
        for (const auto& query : data.queries) {
            if (query.right.empty()) continue;
            const auto result = fit.softmax(query, weights);
            if (result.has_right) fit.add(query, result, curvature, &gradient);
        }
        mirror(curvature, fit.size());
        for (std::size_t i = 0; i < prior.size(); ++i)
            curvature[i] += prior[i];
        const auto direction = solve_symmetric(std::move(curvature), gradient);
        double rate = 1;
        auto tried = moved(weights, direction, rate);
        double then = fit.loss(tried) + penalty(tried, begin, prior);
        while (then > now && rate > kLeastRate) {
            rate /= 2;
            tried = moved(weights, direction, rate);
            then = fit.loss(tried) + penalty(tried, begin, prior);
        }
        if (then > now) break;
        weights = std::move(tried);
        const double gain = now - then;
        now = then;
        if (gain <= kLeastGain * std::abs(now)) break;
    }
    return weights;
}

FitMatrix fisher_information(const FitData& data, const std::vector<double>& weights) {
    Fit fit(data);
    FitMatrix information(fit.size() * fit.size());
    for (const auto& query : data.queries) {
        if (!query.right.empty()) fit.add(query, fit.softmax(query, weights), information, nullptr);
    }
    mirror(information, fit.size());
    return information;
}

}  // namespace pmatch
