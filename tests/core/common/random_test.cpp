#include "core/common/random.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/tuning/quasirandom.hpp"

namespace {

using namespace pmatch;

/// The first is a published sequence; all were computed by another implementation (Python).
TEST_CASE("random numbers are the same in every year") {
    SplitMix64 published(1234567);
    for (const auto wanted : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                              4593380528125082431U, 16408922859458223821U})
        CHECK(published.next() == wanted);
    SplitMix64 zero(0);
    for (const auto wanted : {16294208416658607535U, 7960286522194355700U, 487617019471545679U})
        CHECK(zero.next() == wanted);
    SplitMix64 one(1);
    for (const auto wanted : {10451216379200822465U, 13757245211066428519U, 17911839290282890590U})
        CHECK(one.next() == wanted);
}

TEST_CASE("numbers below a limit are the same in every year") {
    SplitMix64 limits(1);
    const std::vector<std::uint32_t> counts{1, 2, 6, 10, 1000, 1'000'000, 4'294'967'295U};
    const std::vector<std::uint32_t> wanted{0, 1, 5, 4, 444, 762'894, 3'768'183'915U};
    for (std::size_t i = 0; i < counts.size(); ++i)
        CHECK(limits.below(counts[i]) == wanted[i]);
    SplitMix64 ten(7);
    for (const auto digit : {3, 0, 9, 5, 4, 2, 4, 3, 1, 4, 1, 9, 9, 8, 8, 5, 8, 3, 6, 7})
        CHECK(ten.below(10) == static_cast<std::uint32_t>(digit));
}

/// The root of x^5 = x + 1 by bisection, its powers added up modulo 1, in Python.
TEST_CASE("spread numbers go on by powers of the root") {
    QuasirandomSequence spread(4, 1);
    const std::vector<std::vector<double>> wanted{
        {0.42323645902678386, 0.47967361388982743, 0.5997094746246052, 0.9829564742793825},
        {0.2799113428812867, 0.21356547051695363, 0.228416195662414, 0.5215537315029928},
        {0.13658622673578957, 0.9474573271440798, 0.8571229167002229, 0.06015098872660318}};
    for (const auto& point : wanted) {
        const auto found = spread.next();
        for (std::size_t i = 0; i < point.size(); ++i)
            CHECK(found[i] == doctest::Approx(point[i]).epsilon(1e-12));
    }
}

}  // namespace
