/// A model package: the directory that scripts/export_model.py makes, read and checked.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// The task of packages that write captions; the others embed.
inline constexpr const char* kCaptioningTask = "image-captioning";

struct PackageFile {
    std::string sha256;
    std::uint64_t size = 0;
};

enum class Filter { kBilinear, kBicubic, kLanczos };

/// What is done to a picture's pixels before the model sees them: resize with antialiasing,
/// cut out the centre, then (pixel * rescale - mean) / std for each channel.
struct PreprocessSettings {
    enum class Mode { kShortest, kSquash };
    Mode mode = Mode::kShortest;
    int shortest = 0;       ///< kShortest: the shorter side after the resize
    int resize_height = 0;  ///< kSquash: both sides, whatever the shape was
    int resize_width = 0;
    Filter filter = Filter::kBicubic;
    std::optional<std::array<int, 2>> crop;  ///< height, width
    bool bgr = false;  ///< the model sees blue, green, red; else red, green, blue
    double rescale = 1;
    std::array<double, 3> mean{};  ///< as the model sees the channels, and so is `std`
    std::array<double, 3> std{};

    /// The size the model gets. Only kShortest without a crop has none that fits all pictures;
    /// such a package is refused.
    int output_height() const { return crop ? (*crop)[0] : resize_height; }
    int output_width() const { return crop ? (*crop)[1] : resize_width; }
};

struct TextSettings {
    std::string module;
    std::string tokenizer;
    int max_tokens = 0;  ///< special tokens included
    std::int32_t pad_id = 0;
    std::string query_prefix;
    std::string document_prefix;
};

struct ImageSettings {
    std::string module;
    PreprocessSettings preprocess;
};

/// What the reference library made of one input when the package was exported.
struct Golden {
    std::string text;
    std::string role;                     ///< "document" or "query"; texts only
    std::vector<std::int32_t> token_ids;  ///< texts only
    std::string image;                    ///< file name inside the package; empty for a text
    std::string decoded;                  ///< file of the upright pixels without loss, or empty
    std::string pixels;                   ///< file of the pixels after resize and crop, or empty
    std::string pixels_sha256;            ///< of those pixels' bytes; pictures only
    /// Some values of the tensor that the model gets, by their place in channel, row, column order.
    std::vector<std::size_t> tensor_indices;
    std::vector<float> tensor_values;
    std::vector<float> vector;
};

struct Package {
    std::filesystem::path directory;  ///< absolute
    std::string name;
    std::string task;
    std::string family;
    int dim = 0;
    bool normalized = false;
    std::string pooling;
    std::optional<TextSettings> text;
    std::optional<ImageSettings> image;
    std::map<std::string, PackageFile> files;
    std::vector<Golden> golden;
    /// Precision → the largest 1 - cosine to fp32's vectors that the exporter measured. Decides no
    /// vector, so it is no part of a fingerprint. Empty: nobody measured.
    std::map<std::string, double> losses;
    std::map<std::string, std::string> source;    ///< name, weights, licence: for people
    std::map<std::string, std::string> exporter;  ///< versions: for people

    /// SHA-256 over all that decides a vector computed at this precision.
    std::string fingerprint(std::string_view precision) const;

    /// The path of one of `files`, after its size and then its SHA-256 were found as recorded.
    std::filesystem::path verified_file(const std::string& file) const;
};

/// Reads `directory`/model.json strictly: every wrong, missing or unknown value that matters is
/// an Error that names the field, the value found and the value wanted. No other file is opened.
Package read_package(const std::filesystem::path& directory);

}  // namespace pmatch
