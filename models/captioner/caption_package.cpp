#include "models/captioner/caption_package.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "models/package/task_settings.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kMaxSize = 1 << 20;
constexpr int kMaxSide = 2048;
constexpr std::int64_t kMaxTiles = 64;  // along one side of a picture

int size_of(const JsonFields& fields, const char* key, std::int64_t most = kMaxSize) {
    return static_cast<int>(fields.integer(key, 1, most));
}

TilingSettings read_tiling(const JsonFields& caption, const PreprocessSettings& preprocess) {
    TilingSettings tiling;
    tiling.side = preprocess.output_height();
    if (preprocess.output_width() != tiling.side || tiling.side > kMaxSide ||
        preprocess.mode != PreprocessSettings::Mode::kSquash || preprocess.crop) {
        caption.fail("preprocess", caption.at("preprocess"),
                     fmt::format("squashed squares of at most {} pixels a side", kMaxSide));
    }
    tiling.grid = size_of(caption, "grid", tiling.side);
    const auto anyres = caption.object("modes").object("anyres");
    tiling.max_views = size_of(anyres, "max_views", kMaxTiles * kMaxTiles);
    for (const auto& value : anyres.array("pinpoints")) {
        const auto side_of = [&](std::size_t place) {
            const auto side = value.is_array() && value.size() == 2 && value[place].is_number()
                                  ? value[place].get<std::int64_t>()
                                  : 0;
            if (side < 1 || side % tiling.side != 0 || side / tiling.side > kMaxTiles) {
                anyres.fail("pinpoints", value,
                            fmt::format("height and width, multiples of {}", tiling.side));
            }
            return static_cast<int>(side);
        };
        tiling.pinpoints.push_back({side_of(0), side_of(1)});
    }
    if (tiling.pinpoints.empty()) {
        anyres.fail("pinpoints", anyres.at("pinpoints"), "at least one height and width");
    }
    return tiling;
}

DecoderShape read_shape(const JsonFields& fields) {
    DecoderShape shape;
    shape.hidden = size_of(fields, "hidden");
    shape.layers = size_of(fields, "layers");
    shape.kv_heads = size_of(fields, "kv_heads");
    shape.head_dim = size_of(fields, "head_dim");
    shape.vocabulary = size_of(fields, "vocabulary", 1 << 26);
    shape.positions = size_of(fields, "positions", 1 << 26);
    return shape;
}

std::vector<std::int32_t> read_tokens(const JsonFields& fields, const char* key, int vocabulary) {
    std::vector<std::int32_t> tokens;
    for (const auto& value : fields.array(key)) {
        const auto id = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        if (id < 0 || id >= vocabulary) {
            fields.fail(key, value, fmt::format("tokens from 0 to {}", vocabulary - 1));
        }
        tokens.push_back(static_cast<std::int32_t>(id));
    }
    return tokens;
}

PromptPieces read_prompt(const JsonFields& fields) {
    return {fields.text("before"), fields.text("between"), fields.text("after"),
            fields.text("text")};
}

}  // namespace

CaptionPackage read_caption_package(const std::filesystem::path& directory) {
    CaptionPackage result;
    result.package = read_package(directory);
    const auto manifest =
        task_manifest(result.package, {std::string(kCaptioningTask), "captions",
                                       "give a package exported from a LLaVA-OneVision"});
    const auto file = result.package.directory / "model.json";
    const auto fields = JsonFields(manifest, "", file, kExportAgain).object("caption");
    result.vision = listed_file(fields, "vision", result.package);
    result.decoder = listed_file(fields, "decoder", result.package);
    result.tokenizer = listed_file(fields, "tokenizer", result.package);
    result.preprocess = read_preprocess(fields.object("preprocess"));
    result.tiling = read_tiling(fields, result.preprocess);
    result.prompt = read_prompt(fields.object("prompt"));
    result.shape = read_shape(fields.object("shape"));
    result.image_token =
        static_cast<std::int32_t>(fields.integer("image_token", 0, result.shape.vocabulary - 1));
    result.stop_tokens = read_tokens(fields, "stop_tokens", result.shape.vocabulary);
    result.repetition_penalty = fields.number("repetition_penalty", 0.01, 100);
    result.max_new_tokens = size_of(fields, "max_new_tokens");
    auto decisive =
        with_checksums(fields.json(), {"vision", "decoder", "tokenizer"}, result.package);
    for (const auto* key : {"repetition_penalty", "max_new_tokens"})
        decisive.erase(key);  // the caller may override these
    decisive["prompt"].erase("text");
    result.decisive = decisive.dump();
    return result;
}

std::size_t cache_bytes_a_token(const DecoderShape& shape, Precision precision) {
    const auto size = [](int count) { return static_cast<std::size_t>(count); };
    const bool half = precision == Precision::kBf16 || precision == Precision::kFp16;
    return 2 * size(shape.layers) * size(shape.kv_heads) * size(shape.head_dim) *
           (half ? sizeof(std::uint16_t) : sizeof(float));
}

}  // namespace pmatch
