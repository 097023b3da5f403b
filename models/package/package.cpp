#include "models/package/package.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_fields.hpp"
#include "models/package/package_fields.hpp"
#include "models/package/sha256.hpp"

namespace pmatch {
namespace {

using nlohmann::json;

constexpr std::int64_t kMaxDim = 65536;
constexpr std::int64_t kMaxSide = 4096;
constexpr std::int64_t kMaxTokens = 65536;
constexpr std::int64_t kMaxTokenId = 0x7fffffff;
constexpr const char* kFix = kExportAgain;

/// Names inside a package must be relative and without "..", so that no file outside is opened.
bool is_plain_name(const std::string& name) {
    if (name.empty() || name.size() > 255 || name.front() == '/') return false;
    if (name.find_first_of(std::string_view("\\\0", 2)) != std::string::npos) return false;
    const std::filesystem::path path(name);
    return std::all_of(path.begin(), path.end(), [](const std::filesystem::path& part) {
        return !part.empty() && part != "." && part != "..";
    });
}

bool is_sha256(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::map<std::string, PackageFile> read_files(const JsonFields& top) {
    std::map<std::string, PackageFile> files;
    const auto list = top.object("files");
    for (const auto& [name, value] : list.json().items()) {
        if (!is_plain_name(name)) {
            list.fail(name, name, "a plain relative file name inside the package");
        }
        const auto entry = list.inside(value, name);
        PackageFile file;
        file.sha256 = entry.text("sha256");
        if (!is_sha256(file.sha256)) entry.fail("sha256", file.sha256, "64 hexadecimal digits");
        file.size = static_cast<std::uint64_t>(
            entry.integer("size", 0, std::numeric_limits<std::int64_t>::max()));
        files.emplace(name, std::move(file));
    }
    return files;
}

std::array<double, 3> read_triple(const JsonFields& fields, const char* key, bool divisor) {
    const auto& values = fields.array(key);
    if (values.size() != 3) fields.fail(key, values, "an array of 3");
    std::array<double, 3> result{};
    for (std::size_t i = 0; i < 3; ++i) {
        if (!values[i].is_number() || (divisor && !(values[i].get<double>() > 0))) {
            fields.fail(fmt::format("{}[{}]", key, i), values[i],
                        divisor ? "a number above 0" : "a number");
        }
        result[i] = values[i].get<double>();
    }
    return result;
}

int read_side(const JsonFields& fields, const char* key) {
    return static_cast<int>(fields.integer(key, 1, kMaxSide));
}

}  // namespace

std::string listed_file(const JsonFields& fields, const char* key, const Package& package) {
    auto name = fields.text(key);
    if (!package.files.contains(name)) fields.fail(key, name, "a name listed in 'files'");
    return name;
}

PreprocessSettings read_preprocess(const JsonFields& fields) {
    PreprocessSettings settings;
    const auto resize = fields.object("resize");
    if (resize.one_of("mode", {"shortest", "squash"}) == "shortest") {
        settings.mode = PreprocessSettings::Mode::kShortest;
        settings.shortest = read_side(resize, "size");
    } else {
        settings.mode = PreprocessSettings::Mode::kSquash;
        settings.resize_height = read_side(resize, "height");
        settings.resize_width = read_side(resize, "width");
    }
    const auto filter = resize.one_of("filter", {"bilinear", "bicubic", "lanczos"});
    settings.filter = filter == "bilinear"  ? Filter::kBilinear
                      : filter == "bicubic" ? Filter::kBicubic
                                            : Filter::kLanczos;
    if (!resize.boolean("antialias")) resize.fail("antialias", false, "true");
    if (fields.has("crop")) {
        const auto crop = fields.object("crop");
        settings.crop = {read_side(crop, "height"), read_side(crop, "width")};
        const bool shortest = settings.mode == PreprocessSettings::Mode::kShortest;
        const int height = shortest ? settings.shortest : settings.resize_height;
        const int width = shortest ? settings.shortest : settings.resize_width;
        if ((*settings.crop)[0] > height || (*settings.crop)[1] > width) {
            fields.fail("crop", crop.json(), "a crop no larger than the resized picture");
        }
    } else if (settings.mode == PreprocessSettings::Mode::kShortest) {
        fields.fail("crop", nullptr, "an object, because 'shortest' leaves one side open");
    }
    settings.srgb =
        fields.has("colours") && fields.one_of("colours", {"as-stored", "srgb"}) == "srgb";
    settings.bgr = fields.has("channels") && fields.one_of("channels", {"rgb", "bgr"}) == "bgr";
    settings.rescale = fields.number("rescale", 1e-9, 1e9);
    settings.mean = read_triple(fields, "mean", false);
    settings.std = read_triple(fields, "std", true);
    return settings;
}

namespace {

TextSettings read_text(const JsonFields& fields, const Package& package) {
    TextSettings text;
    text.module = listed_file(fields, "module", package);
    text.tokenizer = listed_file(fields, "tokenizer", package);
    text.max_tokens = static_cast<int>(fields.integer("max_tokens", 1, kMaxTokens));
    text.pad_id = static_cast<std::int32_t>(fields.integer("pad_id", 0, kMaxTokenId));
    text.query_prefix = fields.text("query_prefix");
    text.document_prefix = fields.text("document_prefix");
    return text;
}

template <typename T>
std::vector<T> read_numbers(const JsonFields& fields, const char* key) {
    std::vector<T> values;
    for (const auto& value : fields.array(key)) {
        if (!value.is_number()) fields.fail(key, value, "an array of numbers");
        values.push_back(value.get<T>());
    }
    return values;
}

/// Optional: indexes into the tensor, and the values there.
void read_tensor(const JsonFields& fields, const Package& package, Golden& golden) {
    const auto tensor = fields.object("tensor");
    golden.tensor_indices = read_numbers<std::size_t>(tensor, "indices");
    golden.tensor_values = read_numbers<float>(tensor, "values");
    const auto& settings = package.image->preprocess;
    const auto size = static_cast<std::size_t>(settings.output_height()) *
                      static_cast<std::size_t>(settings.output_width()) * 3;
    for (const auto& index : tensor.array("indices")) {
        if (!index.is_number_integer() || index.get<std::int64_t>() < 0 ||
            index.get<std::size_t>() >= size) {
            tensor.fail("indices", index, fmt::format("whole numbers from 0 to {}", size - 1));
        }
    }
    if (golden.tensor_values.size() != golden.tensor_indices.size()) {
        tensor.fail("values", tensor.at("values"), "as many numbers as 'indices'");
    }
}

void read_golden_picture(const JsonFields& fields, const Package& package, Golden& golden) {
    if (!package.image)
        fields.fail("image", fields.at("image"), "absent, as there is no picture tower");
    golden.image = listed_file(fields, "image", package);
    if (fields.has("decoded")) golden.decoded = listed_file(fields, "decoded", package);
    if (fields.has("pixels")) golden.pixels = listed_file(fields, "pixels", package);
    golden.pixels_sha256 = fields.text("pixels_sha256");
    if (fields.has("tensor")) read_tensor(fields, package, golden);
}

/// Free text for people; non-strings are omitted.
std::map<std::string, std::string> read_notes(const JsonFields& top, const char* key) {
    std::map<std::string, std::string> notes;
    if (!top.has(key)) return notes;
    const auto fields = top.object(key);
    for (const auto& [name, value] : fields.json().items()) {
        if (value.is_string()) notes[name] = value.get<std::string>();
    }
    return notes;
}

std::vector<Golden> read_golden(const JsonFields& top, const Package& package) {
    std::vector<Golden> result;
    for (const auto& value : top.array("golden")) {
        const auto fields = top.inside(value, fmt::format("golden[{}]", result.size()));
        Golden golden;
        if (fields.has("image")) {
            read_golden_picture(fields, package, golden);
        } else {
            if (!package.text)
                fields.fail("text", fields.at("text"), "absent, as there is no text tower");
            golden.text = fields.text("text");
            golden.role = fields.one_of("role", {"document", "query"});
            golden.token_ids = read_numbers<std::int32_t>(fields, "token_ids");
        }
        golden.vector = read_numbers<float>(fields, "vector");
        if (golden.vector.size() != static_cast<std::size_t>(package.dim)) {
            fields.fail("vector", value["vector"], fmt::format("{} numbers", package.dim));
        }
        result.push_back(std::move(golden));
    }
    return result;
}

std::map<std::string, double> read_losses(const JsonFields& top) {
    std::map<std::string, double> losses;
    if (!top.has("precision_loss")) return losses;
    const auto fields = top.object("precision_loss");
    for (const auto& [precision, value] : fields.json().items())
        losses[precision] = fields.number(precision, 0, 2);
    return losses;
}

json resize_json(const PreprocessSettings& settings) {
    constexpr std::array kFilters{"bilinear", "bicubic", "lanczos"};
    json resize{{"filter", kFilters.at(static_cast<std::size_t>(settings.filter))},
                {"antialias", true}};
    if (settings.mode == PreprocessSettings::Mode::kShortest) {
        resize["mode"] = "shortest";
        resize["size"] = settings.shortest;
    } else {
        resize["mode"] = "squash";
        resize["height"] = settings.resize_height;
        resize["width"] = settings.resize_width;
    }
    return resize;
}

}  // namespace

std::string Package::fingerprint(std::string_view precision) const {
    // json objects keep their keys sorted, and dump() writes no blanks: the text is canonical.
    json all{{"embedding", {{"dim", dim}, {"normalized", normalized}, {"pooling", pooling}}},
             {"precision", std::string(precision)}};
    if (text) {
        all["text"] = {{"module", files.at(text->module).sha256},
                       {"tokenizer", files.at(text->tokenizer).sha256},
                       {"max_tokens", text->max_tokens},
                       {"pad_id", text->pad_id},
                       {"query_prefix", text->query_prefix},
                       {"document_prefix", text->document_prefix}};
    }
    if (image) {
        const auto& settings = image->preprocess;
        all["image"] = {{"module", files.at(image->module).sha256},
                        {"resize", resize_json(settings)},
                        {"crop", settings.crop ? json(*settings.crop) : json(nullptr)},
                        {"rescale", settings.rescale},
                        {"mean", settings.mean},
                        {"std", settings.std}};
        // Only if they are set: packages without the fields keep their fingerprint.
        if (settings.bgr) all["image"]["channels"] = "bgr";
        if (settings.srgb) all["image"]["colours"] = "srgb";
    }
    return sha256(all.dump());
}

std::filesystem::path Package::verified_file(const std::string& file) const {
    auto path = directory / file;
    const auto& expected = files.at(file);
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    if (code) throw Error{fmt::format("cannot read the file: {}", code.message()), path, kFix};
    if (size != expected.size) {
        throw Error{fmt::format("the file has {} bytes, model.json says {}", size, expected.size),
                    path, kFix};
    }
    const auto found = sha256_of_file(path);
    if (found != expected.sha256) {
        throw Error{
            fmt::format("the file's SHA-256 is {}, model.json says {}", found, expected.sha256),
            path, kFix};
    }
    return path;
}

namespace {

/// The exporter seals model.json with the SHA-256 of its text, computed with zeros in place of the
/// checksum. Older packages lack the field.
void check_seal(const JsonFields& top, std::string text) {
    if (!top.has("checksum")) return;
    const auto said = top.text("checksum");
    const auto at = is_sha256(said) ? text.rfind(said) : std::string::npos;
    if (at == std::string::npos) top.fail("checksum", said, "64 hexadecimal digits");
    text.replace(at, said.size(), said.size(), '0');
    const auto found = sha256(text);
    if (found != said) top.fail("checksum", said, found + ", as the content gives");
}

}  // namespace

Package read_package(const std::filesystem::path& directory) {
    Package package;
    package.directory = std::filesystem::absolute(directory).lexically_normal();
    const auto file = package.directory / "model.json";
    auto text = read_file(file, kMaxManifest);
    const auto manifest = JsonFields::parse(text, file, kFix);
    const JsonFields top(manifest, "", file, kFix);
    check_schema(kModelSchema, top.text("schema"),
                 static_cast<int>(top.integer("version", 0, 1'000'000)), file.string());
    check_seal(top, std::move(text));
    package.name = top.text("name");
    package.task = top.one_of("task", {"text-embedding", "image-embedding", "image-text-embedding",
                                       kCaptioningTask, kReadingTask});
    package.family = top.text("family");
    package.files = read_files(top);
    package.source = read_notes(top, "source");
    package.exporter = read_notes(top, "exporter");
    // Its settings are read by read_caption_package() or read_reading_package().
    if (package.writes_texts()) return package;
    const auto embedding = top.object("embedding");
    package.dim = static_cast<int>(embedding.integer("dim", 1, kMaxDim));
    package.normalized = embedding.boolean("normalized");
    package.pooling = embedding.text("pooling");
    if (package.task != "image-embedding") {
        package.text = read_text(top.object("text"), package);
    }
    if (package.task != "text-embedding") {
        const auto fields = top.object("image");
        package.image = ImageSettings{listed_file(fields, "module", package),
                                      read_preprocess(fields.object("preprocess"))};
    }
    package.golden = read_golden(top, package);
    package.losses = read_losses(top);
    return package;
}

}  // namespace pmatch
