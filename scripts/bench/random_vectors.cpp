/// Fills a collection's text space with random unit vectors, as if PACKAGE had made them, to
/// measure search times without embedding. Usage: pmatch_random_vectors COLLECTION PACKAGE
#include <cmath>
#include <iostream>
#include <memory>
#include <random>
#include <span>
#include <string_view>
#include <utility>

#include "cli/indexing/embed_space.hpp"
#include "core/common/error.hpp"
#include "core/pipeline/embed_pipeline.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/encoder/load_encoder.hpp"

namespace {

using namespace pmatch;

/// Says it is the package's encoder; its vectors come from a generator with a fixed seed.
class RandomEncoder : public Encoder {
public:
    explicit RandomEncoder(EncoderInfo info) : info_(std::move(info)) {}

    const EncoderInfo& info() const override { return info_; }
    Prepared prepare(const Image&) const override { return {}; }
    Prepared prepare(std::string_view, TextRole) const override { return {}; }

    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        const auto width = vectors.size() / batch.size();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto vector = vectors.subspan(i * width, width);
            double squares = 0;
            for (auto& value : vector) {
                value = normal_(generator_);
                squares += double{value} * value;
            }
            for (auto& value : vector)
                value = static_cast<float>(value / std::sqrt(squares));
        }
    }

private:
    EncoderInfo info_;
    std::mt19937 generator_{20240502};
    std::normal_distribution<float> normal_;
};

void fill(const char* directory, const char* package) {
    LoadOptions load;
    load.device = "cpu";
    load.precision = "fp32";
    RandomEncoder encoder(load_encoder(find_package(package), load)->info());
    auto collection = Collection::open_for_writing(directory);
    begin_space(collection, "text", space_record(Source::text(), encoder.info()), false);
    const auto work = pending_work(collection, "text", {Source::text()});
    const FilePictureReader reader;
    SpaceWriter writer(collection, "text");
    Encoder* const encoders[] = {&encoder};
    embed(*work, reader, encoders, writer, {});
    writer.finish();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: pmatch_random_vectors COLLECTION PACKAGE\n";
        return 2;
    }
    try {
        fill(argv[1], argv[2]);
    } catch (const Error& error) {
        std::cerr << error.what() << '\n' << error.remedy().advice << '\n';
        return 1;
    }
    return 0;
}
