#include "models/captioner/package_captioner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "models/package/sha256.hpp"
#include "models/preprocess/preprocess.hpp"
#include "models/runtime/module.hpp"

namespace pmatch {
namespace {

// Small passes fit a core's caches, but leave a GPU idle.
constexpr std::size_t kViewsOnCpu = 1;
constexpr std::size_t kViewsOnCuda = 32;

std::vector<std::int32_t> tokens_of(const Tokenizer& tokenizer, const std::string& text,
                                    const DecoderShape& shape) {
    auto tokens = tokenizer.encode(text, static_cast<std::size_t>(shape.positions));
    for (const auto token : tokens) {
        if (token >= 0 && token < shape.vocabulary) continue;
        throw Error{fmt::format("the prompt has the token {}, the decoder knows {}", token,
                                shape.vocabulary),
                    {},
                    "export the package again with scripts/export_model.py"};
    }
    return tokens;
}

/// Removes the rows that are left in the network when a call ends, also by an exception: the next
/// call finds it empty.
class RowsRemoved {
public:
    explicit RowsRemoved(CaptionNetwork& network) : network_(network) {}
    ~RowsRemoved() {
        try {
            while (network_.active() > 0)
                network_.leave(network_.active() - 1);
        } catch (...) {  // NOLINT(bugprone-empty-catch): the next call reports it
        }
    }
    RowsRemoved(const RowsRemoved&) = delete;
    RowsRemoved& operator=(const RowsRemoved&) = delete;

private:
    CaptionNetwork& network_;
};

std::size_t slots_for(const CaptionPackage& package, const CaptionerOptions& options,
                      Precision precision, std::size_t places) {
    const auto room = static_cast<std::size_t>(options.cache_megabytes) << 20U;
    const auto row = places * cache_bytes_a_token(package.shape, precision);
    const auto wanted = static_cast<std::size_t>(std::max(options.batch, 1));
    const auto slots = std::min(wanted, std::max<std::size_t>(room / row, 1));
    if (slots < wanted && options.load.note) {
        options.load.note(
            fmt::format("{} captions at a time, because keys and values of one may "
                        "take {} MB; --cache gives more",
                        slots, row >> 20U));
    }
    return slots;
}

}  // namespace

PackageCaptioner::PackageCaptioner(CaptionPackage package, const CaptionSettings& settings,
                                   const Device& device, Precision precision,
                                   const CaptionerOptions& options)
    : package_(std::move(package)),
      settings_(settings),
      threads_(options.load.threads),
      preprocess_(package_.preprocess),
      tokenizer_(load_tokenizer(package_.package.verified_file(package_.tokenizer))) {
    check_precision(precision, device);
    info_.name = package_.package.name;
    info_.package = package_.package.directory.string();
    info_.precision = name_of(precision);
    info_.device = device.name();
    info_.fingerprint = caption_fingerprint(package_.package.directory, settings_, info_.precision);
    const auto& pieces = package_.prompt;
    before_ = tokens_of(*tokenizer_, pieces.before, package_.shape);
    behind_ =
        tokens_of(*tokenizer_, pieces.between + settings_.prompt + pieces.after, package_.shape);
    if (std::find(behind_.begin(), behind_.end(), package_.image_token) != behind_.end()) {
        throw UsageError{"the prompt names a second picture", "leave its token out of --prompt"};
    }
    const bool single = settings_.view == "single";
    const auto picture =
        single ? plan_single_view(package_.tiling).tokens : most_tokens(package_.tiling);
    const auto places = before_.size() + behind_.size() + static_cast<std::size_t>(picture) +
                        static_cast<std::size_t>(settings_.max_tokens);
    if (places > static_cast<std::size_t>(package_.shape.positions)) {
        throw UsageError{fmt::format("prompt, picture and caption may have {} tokens, the model "
                                     "takes {}",
                                     places, package_.shape.positions),
                         "give a shorter --prompt, or fewer --max-tokens"};
    }
    NetworkOptions network;
    network.device = device;
    network.precision = precision;
    network.places = places;
    network.slots = slots_for(package_, options, precision, places);
    network.views_a_pass = device.cuda() ? kViewsOnCuda : kViewsOnCpu;
    network.repetition_penalty = settings_.repetition_penalty;
    network_ = load_caption_network(package_, network);
}

ViewPlan PackageCaptioner::plan(int height, int width) const {
    return settings_.view == "single" ? plan_single_view(package_.tiling)
                                      : plan_tiles(height, width, package_.tiling);
}

PreparedPicture PackageCaptioner::prepare(const Image& image) const {
    PreparedPicture picture{image.width, image.height, {}};
    check_pixels(image);
    picture.views = make_views(image, plan(image.height, image.width), package_.tiling.side,
                               package_.preprocess.filter);
    return picture;
}

DecodeRequest PackageCaptioner::question(const PreparedPicture& picture,
                                         std::vector<float>& pixels) const {
    pixels.resize(picture.views.size());
    preprocess_.normalise(picture.views, pixels);
    return {pixels, plan(picture.height, picture.width), before_, behind_};
}

std::vector<float> PackageCaptioner::features(const PreparedPicture& picture) const {
    std::vector<float> pixels;
    return network_->features(question(picture, pixels));
}

std::vector<float> PackageCaptioner::logits(const PreparedPicture& picture,
                                            std::span<const std::int32_t> answer) const {
    std::vector<float> pixels;
    return network_->logits(question(picture, pixels), answer);
}

bool PackageCaptioner::is_stop(std::int32_t token) const {
    const auto& stop = package_.stop_tokens;
    return std::find(stop.begin(), stop.end(), token) != stop.end();
}

std::string PackageCaptioner::text_of(std::span<const std::int32_t> tokens) const {
    constexpr const char* kBlanks = " \t\r\n";
    const auto text = tokenizer_->decode(tokens);
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::vector<Caption> PackageCaptioner::caption(std::span<const PreparedPicture* const> pictures,
                                               const Progress& progress) {
    if (threads_ > 0) set_threads_of_a_pass(threads_);
    const RowsRemoved removed(*network_);
    std::vector<Caption> captions(pictures.size());
    std::vector<std::size_t> rows;  // the picture index of each active slot
    std::vector<float> pixels;
    std::size_t next = 0;
    std::size_t finished = 0;
    std::size_t written = 0;
    // Returns whether the caption is complete with this token.
    const auto take = [&](std::size_t picture, std::int32_t token) {
        auto& tokens = captions[picture].tokens;
        ++written;
        if (is_stop(token)) return true;
        tokens.push_back(token);
        return tokens.size() >= static_cast<std::size_t>(settings_.max_tokens);
    };
    const auto leave = [&](std::size_t slot) {
        auto& caption = captions[rows[slot]];
        caption.text = text_of(caption.tokens);
        network_->leave(slot);
        rows[slot] = rows.back();
        rows.pop_back();
        ++finished;
    };
    bool go_on = true;
    while (go_on && (next < pictures.size() || !rows.empty())) {
        while (next < pictures.size() && rows.size() < network_->slots()) {
            const auto token = network_->enter(question(*pictures[next], pixels));
            rows.push_back(next++);
            if (take(rows.back(), token)) leave(rows.size() - 1);
            go_on = !progress || progress(finished, written);
            if (!go_on) break;
        }
        if (!go_on || rows.empty()) continue;
        const auto tokens = network_->step();
        // Backwards: the last row moves to the slot of a removed one.
        for (auto slot = rows.size(); slot-- > 0;) {
            if (take(rows[slot], tokens[slot])) leave(slot);
        }
        go_on = !progress || progress(finished, written);
    }
    for (const auto unfinished : rows)
        captions[unfinished] = {};
    return captions;
}

}  // namespace pmatch
