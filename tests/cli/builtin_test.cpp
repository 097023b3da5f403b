#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/engine/encoder_kinds.hpp"
#include "cli/engine/open_engine.hpp"
#include "cli/indexing/build_index.hpp"
#include "cli/indexing/embed_space.hpp"
#include "core/common/error.hpp"
#include "data/embeddings/vectors_by_item.hpp"
#include "models/kinds/builtin_kind.hpp"
#include "models/kinds/package_kind.hpp"
#include "models/torch/torch_library.hpp"
#include "tests/cli/mean_colour.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace pmatch;
using test::TempDir;

/// As cli/engine/encoder_kinds.cpp makes the program's table, with two descriptors in it.
EncoderKinds kinds_with_builtins() {
    return EncoderKinds({std::make_shared<BuiltinKind>(
                             std::vector<Builtin>{test::mean_colour(), test::first_pixels()}),
                         std::make_shared<PackageKind>()});
}

/// Two pixels of one colour.
std::string picture(std::array<char, 3> rgb) {
    const std::string pixel(rgb.begin(), rgb.end());
    return "P6 1 2 255\n" + pixel + pixel;
}

/// Three items: a red, a green and a blue picture.
Collection ingest_colours(const TempDir& dir) {
    test::write_file(dir / "red.ppm", picture({120, 9, 9}));
    test::write_file(dir / "green.ppm", picture({9, 120, 9}));
    test::write_file(dir / "blue.ppm", picture({9, 9, 120}));
    test::write_file(dir / "shop.csv", "id,image\nr,red.ppm\ng,green.ppm\nb,blue.ppm\n");
    test::ingest_file(dir / "shop", dir / "shop.csv");
    return Collection::open_for_writing(dir / "shop");
}

std::string what_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Error& error) {
        return std::string(error.what()) + " | " + error.remedy().advice;
    }
    return "nothing was thrown";
}

bool torch_is_mapped() {
    std::ifstream maps("/proc/self/maps");
    const std::string all{std::istreambuf_iterator<char>(maps), {}};
    return all.find("libpmatch_torch") != std::string::npos ||
           all.find("libtorch") != std::string::npos;
}

TEST_CASE("a collection is embedded, indexed and queried by a built-in descriptor, without torch") {
    const TempDir dir("builtin-query");
    const auto kinds = kinds_with_builtins();
    auto collection = ingest_colours(dir);
    const auto model = kinds.find("builtin:mean-colour");
    const auto outcome = embed_space(collection, *model, {}, {nobody(), 2});
    CHECK(outcome.space == "mean-colour");
    CHECK(outcome.skipped == 0);
    const auto& record = collection.space("mean-colour");
    CHECK(record.source == Source::pictures());
    CHECK(record.model == "builtin:mean-colour");
    CHECK(record.package == "builtin:mean-colour");
    CHECK(record.fingerprint == model->fingerprint("fp32"));
    CHECK(record.dim == 3);
    CHECK(record.live == 3);
    build_index(collection, "mean-colour", {}, nobody());

    const auto models = models_of(kinds);
    const auto engine = open_engine(dir / "shop", {.execution = {nobody(), 2}, .models = *models});
    test::write_file(dir / "asked.ppm", picture({50, 100, 50}));
    Query query;
    query.id = "q";
    query.pictures = {dir / "asked.ppm"};
    const auto result = engine->answer({.queries = {query}, .ranking = {.preset = "image"}});
    REQUIRE(result.answers.size() == 1);
    CHECK(result.answers[0].problem.code.empty());
    const auto& answers = result.answers[0].result.answers;
    REQUIRE(answers.size() == 3);
    CHECK(answers[0].item == "g");
    // (9, 120, 9) and (50, 100, 50).
    CHECK(answers[0].score == doctest::Approx(12900 / (120.6731 * 122.4745)).epsilon(1e-5));

    CHECK_FALSE(torch_is_open());
    CHECK_FALSE(torch_is_mapped());
}

TEST_CASE("a space goes on by the same descriptor and refuses another") {
    const TempDir dir("builtin-again");
    const auto kinds = kinds_with_builtins();
    auto collection = ingest_colours(dir);
    const auto model = kinds.find("builtin:mean-colour");
    embed_space(collection, *model, {}, {nobody(), 1});
    const auto generation = collection.manifest().generation;
    embed_space(collection, *model, {}, {nobody(), 1});
    CHECK(collection.manifest().generation == generation);

    auto newer = test::mean_colour();
    newer.settings = "rgb, version 2";
    const auto other = BuiltinKind({newer}).find("builtin:mean-colour");
    CHECK(what_of([&] {
              embed_space(collection, *other, {}, {nobody(), 1});
          }).find("space 'mean-colour' was made by builtin:mean-colour") == 0);
    CHECK_THROWS_AS(embed_space(collection, *model, {.source = Source::text()}, {nobody(), 1}),
                    UsageError);
}

TEST_CASE("the fingerprint says all that decides a vector") {
    const auto of = [](const Builtin& builtin) {
        return BuiltinKind({builtin}).find("builtin:" + builtin.name)->fingerprint("fp32");
    };
    const auto whole = test::mean_colour();
    CHECK(of(whole).size() == 64);
    CHECK(of(whole) == of(test::mean_colour()));
    auto other = whole;
    other.about = "in other words";
    CHECK(of(other) == of(whole));
    for (const auto& change : std::vector<std::function<void(Builtin&)>>{
             [](Builtin& b) { b.name = "other"; }, [](Builtin& b) { b.settings = "other"; },
             [](Builtin& b) { b.dim = 4; }, [](Builtin& b) { b.normalized = false; },
             [](Builtin& b) { b.vectors_per_input = VectorsPerInput::kVariable; }}) {
        other = whole;
        change(other);
        CHECK(of(other) != of(whole));
    }
}

TEST_CASE("an unknown built-in descriptor is a wrong command line that names those there are") {
    const auto kinds = kinds_with_builtins();
    CHECK_THROWS_AS(kinds.find("builtin:unknown"), UsageError);
    CHECK(what_of([&] { kinds.find("builtin:unknown"); }) ==
          "there is no built-in descriptor 'builtin:unknown': this build has builtin:mean-colour, "
          "builtin:first-pixels | name one of these, or a model package: --model "
          "builtin:mean-colour");
    const EncoderKinds without(
        {std::make_shared<BuiltinKind>(std::vector<Builtin>{}), std::make_shared<PackageKind>()});
    CHECK(what_of([&] { without.find("builtin:unknown"); }) ==
          "there is no built-in descriptor 'builtin:unknown': this build has none | name a model "
          "package");
}

TEST_CASE("a collection of a descriptor that this build lacks is an error, not a wrong command") {
    try {
        encoder_kinds().find_again("builtin:gone", "builtin:gone");
        FAIL("it was found");
    } catch (const UsageError&) {
        FAIL("a command line is blamed");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("'builtin:gone'") != std::string::npos);
    }
}

TEST_CASE("a built-in descriptor runs on the CPU, in fp32") {
    const auto model = kinds_with_builtins().find("builtin:mean-colour");
    CHECK_THROWS_AS(model->open({.device = "cuda"}), UsageError);
    CHECK_THROWS_AS(model->open({.precision = "bf16"}), UsageError);
    CHECK(model->open({.device = "cpu", .precision = "fp32"}).size() == 1);
    CHECK(model->facts().images);
    CHECK_FALSE(model->facts().texts);
    CHECK_THROWS_AS(model->golden_examples(), Error);
    CHECK(model->files().empty());
    CHECK(model->words().at(2) ==
          std::pair<std::string, std::string>("vector", "3 values, unit length"));
}

TEST_CASE("a descriptor that breaks its word stops the run") {
    const auto refused = [](const std::vector<float>& made) {
        auto builtin = test::mean_colour();
        builtin.describe = [made](const Image&) { return made; };
        const auto encoder = BuiltinKind({builtin}).find("builtin:mean-colour")->open_one({});
        return what_of([&] { encoder->prepare(Image{}); });
    };
    CHECK(refused({1, 0, 0}) == "nothing was thrown");
    CHECK(refused({1, 0}).find("returned 2 values, a vector has 3") != std::string::npos);
    CHECK(refused({1, 0, 0, 1, 0, 0}).find("returned 6 values") != std::string::npos);
    CHECK(refused({1, 1, 0}).find("a vector of length 1.414214") != std::string::npos);
    CHECK(refused({NAN, 0, 0}).find("not finite") != std::string::npos);
}

TEST_CASE("an input may have any number of vectors, which no list compares") {
    const auto kinds = kinds_with_builtins();
    const auto model = kinds.find("builtin:first-pixels");
    const auto encoder = model->open_one({});
    const auto two = encoder->prepare(Image{1, 2, {1, 2, 3, 4, 5, 6}});
    const auto none = encoder->prepare(Image{});
    const auto one = encoder->prepare(Image{1, 1, {7, 8, 9}});
    const std::array<const Prepared*, 3> batch{&two, &none, &one};
    const auto rows = encoder->encode_rows(batch);
    CHECK(rows.values == std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(rows.ends == std::vector<std::size_t>{2, 2, 3});
    CHECK(rows.begin(2) == 2);
    std::vector<float> vectors(9);
    CHECK_THROWS_AS(encoder->encode(batch, vectors), Error);

    const TempDir dir("builtin-many");
    auto collection = ingest_colours(dir);
    // Not "image", where a list of pictures would look for it.
    CHECK(embed_space(collection, *model, {}, {nobody(), 1}).space == "first-pixels");
    CHECK(collection.space("first-pixels").live == 3);
    CHECK(VectorsByItem(collection, "first-pixels").of(1, 1).at(0).vectors ==
          std::vector<float>{9, 120, 9, 9, 120, 9});
    CHECK_THROWS_AS(build_index(collection, "first-pixels", {}, nobody()), Error);
    CHECK_THROWS_AS(SharedEncoder(model->open_one({})), Error);
}

}  // namespace
