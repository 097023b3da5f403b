/// --where: an expression over a small collection. It must change nothing and end in time.
#include <chrono>

#include "data/items/item_filter.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

namespace {

Collection make_collection() {
    const auto catalog =
        fuzz::write_scratch("items.csv",
                            "id,title,colour,price,was,gtin\nm1,Mug,red,9.5,12 EUR,0012345678905\n"
                            "m2,Cup,,12,call us,4006381333931\ns1,Shoe,white,79,\"1.299,00 €\",\n");
    test::ingest_file(fuzz::scratch() / "shop", catalog);
    return Collection::open(fuzz::scratch() / "shop");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto collection = make_collection();
    const auto start = std::chrono::steady_clock::now();
    fuzz::allow_errors([&] {
        (void)rows_where(collection, std::string(fuzz::text_of(data, size)),
                         std::chrono::milliseconds(200));
    });
    fuzz::require(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
    return 0;
}
