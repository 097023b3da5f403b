// The default packages with their real weights, against what the reference libraries made of the
// same inputs when the packages were exported. Skips, saying so, where there are none.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <tuple>

#include "core/common/error.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/encoder/load_encoder.hpp"
#include "models/package/package.hpp"
#include "models/package/sha256.hpp"

namespace {

using pmatch::Prepared;

std::optional<std::filesystem::path> find(const std::string& name) {
    const char* set = std::getenv("PMATCH_MODELS");
    const auto path = std::filesystem::path(set == nullptr ? "packages" : set) / name;
    if (std::filesystem::exists(path / "model.json")) return path;
    MESSAGE("skipped: no package at ", path.string(), "; scripts/setup.sh makes it");
    return std::nullopt;
}

double cosine(std::span<const float> a, std::span<const float> b) {
    const double product = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    const double squares = std::inner_product(a.begin(), a.end(), a.begin(), 0.0) *
                           std::inner_product(b.begin(), b.end(), b.begin(), 0.0);
    return product / std::sqrt(squares);
}

std::vector<float> encode(pmatch::Encoder& encoder, const std::vector<Prepared>& inputs) {
    std::vector<const Prepared*> batch;
    for (const auto& input : inputs)
        batch.push_back(&input);
    std::vector<float> vectors(batch.size() * static_cast<std::size_t>(encoder.info().dim));
    encoder.encode(batch, vectors);
    return vectors;
}

/// The golden inputs of the package, made ready.
std::vector<Prepared> prepare_golden(const pmatch::Encoder& encoder,
                                     const pmatch::Package& package) {
    const pmatch::FilePictureReader reader;
    std::vector<Prepared> inputs;
    for (const auto& golden : package.golden) {
        if (golden.image.empty()) {
            const auto role =
                golden.role == "query" ? pmatch::TextRole::kQuery : pmatch::TextRole::kDocument;
            inputs.push_back(encoder.prepare(golden.text, role));
            CHECK(inputs.back().tokens == golden.token_ids);
            continue;
        }
        const auto read = reader.read(package.verified_file(golden.image), std::nullopt);
        inputs.push_back(encoder.prepare(std::get<pmatch::Image>(read)));
        const auto& pixels = inputs.back().pixels;
        CHECK(pmatch::sha256({reinterpret_cast<const char*>(pixels.data()), pixels.size()}) ==
              golden.pixels_sha256);
    }
    return inputs;
}

/// Inputs of many sizes: each golden one some times, so that passes differ.
std::vector<Prepared> repeated(const std::vector<Prepared>& inputs, std::size_t count) {
    std::vector<Prepared> result;
    for (std::size_t i = 0; i < count; ++i)
        result.push_back(inputs[i % inputs.size()]);
    return result;
}

}  // namespace

TEST_CASE("the golden examples of the default packages come out as the reference made them") {
    for (const char* name : {"minilm-l6", "efficientnet-lite0"}) {
        const auto path = find(name);
        if (!path) continue;
        CAPTURE(name);
        const auto package = pmatch::read_package(*path);
        REQUIRE_FALSE(package.golden.empty());
        const auto encoder = pmatch::load_encoder(*path, {"cpu", "fp32"});
        const auto inputs = prepare_golden(*encoder, package);
        const auto vectors = encode(*encoder, inputs);
        const auto dim = static_cast<std::size_t>(package.dim);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto ours = std::span(vectors).subspan(i * dim, dim);
            CHECK(cosine(ours, package.golden[i].vector) >= 0.9999);
            CHECK(cosine(ours, ours) == doctest::Approx(1));
        }
    }
}

TEST_CASE("in bf16 and int8 the golden vectors stay close, and fp32 keeps its own bytes") {
    const auto path = find("minilm-l6");
    if (!path) return;
    const auto package = pmatch::read_package(*path);
    const auto dim = static_cast<std::size_t>(package.dim);
    std::vector<std::string> fingerprints;
    for (const auto& [precision, least] :
         {std::pair{"fp32", 0.99999}, std::pair{"bf16", 0.999}, std::pair{"int8", 0.99}}) {
        CAPTURE(precision);
        const auto encoder = pmatch::load_encoder(*path, {"cpu", precision, 2});
        CHECK(encoder->info().precision == precision);
        CHECK(encoder->info().device == "cpu");
        fingerprints.push_back(encoder->info().fingerprint);
        const auto inputs = prepare_golden(*encoder, package);
        const auto vectors = encode(*encoder, inputs);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const auto ours = std::span(vectors).subspan(i * dim, dim);
            const auto found = cosine(ours, package.golden[i].vector);
            CHECK(found >= least);
            if (std::string(precision) != "fp32") CHECK(found < 1 - 1e-9);
            // Scaled to unit length in fp32.
            CHECK(std::inner_product(ours.begin(), ours.end(), ours.begin(), 0.0) ==
                  doctest::Approx(1).epsilon(1e-6));
        }
        CHECK(encode(*encoder, inputs) == vectors);
    }
    CHECK(fingerprints[0] != fingerprints[1]);
    CHECK(fingerprints[1] != fingerprints[2]);
}

TEST_CASE("convolutions have a bf16 form and no int8 form") {
    const auto path = find("efficientnet-lite0");
    if (!path) return;
    const auto package = pmatch::read_package(*path);
    const auto encoder = pmatch::load_encoder(*path, {"cpu", "bf16", 1});
    const auto inputs = prepare_golden(*encoder, package);
    const auto vectors = encode(*encoder, inputs);
    const auto dim = static_cast<std::size_t>(package.dim);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        CHECK(cosine(std::span(vectors).subspan(i * dim, dim), package.golden[i].vector) >= 0.999);
    }
    CHECK_THROWS_AS(pmatch::load_encoder(*path, {"cpu", "int8", 1}), pmatch::UsageError);
    CHECK_THROWS_AS(pmatch::load_encoder(*path, {"cpu", "fp16", 1}), pmatch::UsageError);
}

/// How far an input alone is from the same input among others, padded.
struct BatchNoise {
    float value = 0;  ///< of the vector, the largest difference
    double loss = 0;  ///< the largest 1 - cosine
};

BatchNoise batch_noise(pmatch::Encoder& encoder, const pmatch::Package& package) {
    const auto golden = prepare_golden(encoder, package);
    const auto together = encode(encoder, repeated(golden, 16));
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    BatchNoise worst;
    for (std::size_t i = 0; i < golden.size(); ++i) {
        const auto alone = encode(encoder, {golden[i]});
        const auto among = std::span(together).subspan(i * dim, dim);
        for (std::size_t k = 0; k < dim; ++k)
            worst.value = std::max(worst.value, std::abs(alone[k] - among[k]));
        worst.loss = std::max(worst.loss, 1 - cosine(alone, among));
    }
    return worst;
}

// Below fp32 the last bit of a sum, which batches differ in, may round to another number, so that
// an input in another batch is as near as the precision is to fp32 (docs/reliability.md).
TEST_CASE(
    "alone or padded in a batch an input gives the same vector, as near as its precision is") {
    for (const auto& [name, precision, value, loss] :
         {std::tuple{"minilm-l6", "fp32", 2e-6F, 1e-6},
          std::tuple{"minilm-l6", "bf16", 4e-3F, 1e-4},
          std::tuple{"minilm-l6", "int8", 4e-2F, 1e-2},
          std::tuple{"efficientnet-lite0", "fp32", 2e-6F, 1e-6},
          std::tuple{"efficientnet-lite0", "bf16", 4e-2F, 4e-3}}) {
        const auto path = find(name);
        if (!path) continue;
        CAPTURE(std::string(name));
        CAPTURE(std::string(precision));
        const auto encoder = pmatch::load_encoder(*path, {"cpu", precision});
        const auto worst = batch_noise(*encoder, pmatch::read_package(*path));
        MESSAGE("value ", worst.value, ", 1 - cosine ", worst.loss);
        CHECK(worst.value <= value);
        CHECK(worst.loss <= loss);
    }
}

TEST_CASE("equal batches give equal bytes, with one thread or three") {
    for (const auto& [name, precision] :
         {std::pair{"minilm-l6", "fp32"}, std::pair{"minilm-l6", "bf16"},
          std::pair{"minilm-l6", "int8"}, std::pair{"efficientnet-lite0", "fp32"},
          std::pair{"efficientnet-lite0", "bf16"}}) {
        const auto path = find(name);
        if (!path) continue;
        CAPTURE(std::string(name));
        CAPTURE(std::string(precision));
        const auto one = pmatch::load_encoder(*path, {"cpu", precision, 1});
        const auto three = pmatch::load_encoder(*path, {"cpu", precision, 3});
        const auto inputs = repeated(prepare_golden(*one, pmatch::read_package(*path)), 40);
        const auto expected = encode(*one, inputs);
        for (int again = 0; again < 2; ++again)
            CHECK(encode(*three, inputs) == expected);
    }
}
