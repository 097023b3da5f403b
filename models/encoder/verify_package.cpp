#include "models/encoder/verify_package.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "core/common/error.hpp"
#include "models/package/sha256.hpp"
#include "models/preprocess/preprocess.hpp"

namespace pmatch {
namespace {

class Replay {
public:
    Replay(const Package& package, Encoder& encoder, const DecodePicture& decode)
        : package_(package), encoder_(encoder), decode_(decode), judge_(encoder.info().precision) {}

    std::vector<StageReport> run() {
        for (const auto& golden : package_.golden) {
            if (golden.image.empty()) {
                replay_text(golden);
            } else {
                replay_picture(golden);
            }
        }
        return judge_.reports();
    }

private:
    void replay_text(const Golden& golden) {
        const auto example = fmt::format("text '{:.40}'", golden.text);
        const auto role = golden.role == "query" ? TextRole::kQuery : TextRole::kDocument;
        const auto prepared = encoder_.prepare(golden.text, role);
        judge_.tokens(example, prepared.tokens, golden.token_ids);
        compare_vector(example, prepared, golden);
    }

    void replay_picture(const Golden& golden) {
        const auto ours = read(golden.image, golden.image);
        if (!ours) return;
        const Image* upright = &*ours;
        std::optional<Image> reference;
        if (!golden.decoded.empty()) {
            reference = read(golden.decoded, golden.image);
            if (!reference) return;
            judge_.decoded(golden.image, *ours, *reference, !is_jpeg(golden.image));
            upright = &*reference;
        }
        const auto resized = encoder_.prepare(*upright);
        compare_pixels(golden, resized.pixels);
        if (!golden.tensor_indices.empty()) compare_tensor(golden, resized.pixels);
        compare_vector(golden.image, encoder_.prepare(*ours), golden);
    }

    std::optional<Image> read(const std::string& file, const std::string& example) {
        auto result = decode_(package_.verified_file(file));
        if (auto* image = std::get_if<Image>(&result)) return std::move(*image);
        const auto& problem = std::get<Problem>(result);
        judge_.failed(GoldenStage::kDecoded, example,
                      fmt::format("{} cannot be read: {}", file, problem.detail));
        return std::nullopt;
    }

    static bool is_jpeg(const std::string& file) {
        return file.ends_with(".jpg") || file.ends_with(".jpeg");
    }

    void compare_pixels(const Golden& golden, const std::vector<std::uint8_t>& pixels) {
        if (golden.pixels.empty()) {
            const auto found =
                sha256({reinterpret_cast<const char*>(pixels.data()), pixels.size()});
            judge_.resized(golden.image, found == golden.pixels_sha256);
            return;
        }
        if (const auto reference = read(golden.pixels, golden.image)) {
            judge_.resized(golden.image, pixels, reference->rgb);
        }
    }

    void compare_tensor(const Golden& golden, const std::vector<std::uint8_t>& pixels) {
        const auto& settings = package_.image->preprocess;
        const auto plane = pixels.size() / 3;
        std::vector<float> values(pixels.size());
        Preprocessor(settings).normalise(pixels, values);
        std::vector<float> ours;
        std::vector<double> levels;
        for (const auto index : golden.tensor_indices) {
            const auto channel = index / plane;
            ours.push_back(values[index % plane * 3 + channel]);
            levels.push_back(settings.std.at(channel) / settings.rescale);
        }
        judge_.tensor(golden.image, ours, golden.tensor_values, levels);
    }

    void compare_vector(const std::string& example, const Prepared& prepared,
                        const Golden& golden) {
        std::vector<float> vector(golden.vector.size());
        const Prepared* input = &prepared;
        encoder_.encode({&input, 1}, vector);
        judge_.vector(example, vector, golden.vector);
    }

    const Package& package_;
    Encoder& encoder_;
    const DecodePicture& decode_;
    GoldenComparison judge_;
};

}  // namespace

std::vector<StageReport> verify_package(const Package& package, Encoder& encoder,
                                        const DecodePicture& decode) {
    for (const auto& [file, record] : package.files)
        package.verified_file(file);
    return Replay(package, encoder, decode).run();
}

}  // namespace pmatch
