#include "cli/serve/service/served_collection.hpp"

#include <utility>

#include "cli/serve/requests/uploaded_picture.hpp"
#include "core/common/error.hpp"
#include "data/pictures/png_writer.hpp"

namespace pmatch::cli {
namespace {

/// A grey square.
UploadedPicture some_picture() {
    constexpr int kSide = 32;
    constexpr std::size_t kBytes = std::size_t{3} * kSide * kSide;
    const auto png = encode_png({kSide, kSide, std::vector<std::uint8_t>(kBytes, 127)});
    return UploadedPicture({reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace

ServedCollection::ServedCollection(std::string name, const std::filesystem::path& path,
                                   EngineOptions options, std::string preset)
    : name_(std::move(name)), preset_(std::move(preset)), current_(path, options) {
    RankingOptions ranking;
    ranking.preset = preset_;
    engine()->plan(ranking, options.execution);
}

void ServedCollection::warm_up(const Engine& engine) const {
    const auto picture = some_picture();
    Query text;
    text.text = "red mug";
    Query image;
    image.pictures = {picture.path()};
    Query both = text;
    both.pictures = image.pictures;
    for (const auto& query : {text, image, both}) {
        try {
            engine.answer({.queries = {query}, .ranking = {.preset = preset_}, .top = 1});
        } catch (const UsageError&) {  // NOLINT(bugprone-empty-catch): it has no such lists
        }
    }
}

bool ServedCollection::refresh() {
    return current_.refresh([this](const Engine& newer) { warm_up(newer); });
}

const StoredCollection& stored(const Engine& engine) {
    return dynamic_cast<const StoredCollection&>(engine.source());
}

}  // namespace pmatch::cli
