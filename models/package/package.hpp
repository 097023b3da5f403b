/// A model package, i.e. a directory written by scripts/export_model.py: reading and validation.
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

/// The tasks of packages that write texts of pictures: descriptions, and the words that a picture
/// shows. All others embed.
inline constexpr const char* kCaptioningTask = "image-captioning";
inline constexpr const char* kReadingTask = "text-reading";

struct PackageFile {
    std::string sha256;
    std::uint64_t size = 0;
};

enum class Filter { kBilinear, kBicubic, kLanczos };

/// Preprocessing of a picture: resize with antialiasing, crop the centre, then (pixel * rescale -
/// mean) / std per channel.
struct PreprocessSettings {
    enum class Mode { kShortest, kSquash };
    Mode mode = Mode::kShortest;
    int shortest = 0;       ///< kShortest: the shorter side after resizing
    int resize_height = 0;  ///< kSquash: both sides, ignoring the aspect ratio
    int resize_width = 0;
    Filter filter = Filter::kBicubic;
    std::optional<std::array<int, 2>> crop;  ///< height, width
    bool srgb = false;  ///< convert pictures with an ICC profile to sRGB first; else ignore it
    bool bgr = false;   ///< channel order of the model: blue, green, red; else red, green, blue
    double rescale = 1;
    std::array<double, 3> mean{};  ///< in the model's channel order; likewise `std`
    std::array<double, 3> std{};

    /// The model's input size. Only kShortest without a crop has no fixed size; such packages are
    /// rejected.
    int output_height() const { return crop ? (*crop)[0] : resize_height; }
    int output_width() const { return crop ? (*crop)[1] : resize_width; }
};

struct TextSettings {
    std::string module;
    std::string tokenizer;
    int max_tokens = 0;  ///< including special tokens
    std::int32_t pad_id = 0;
    std::string query_prefix;
    std::string document_prefix;
};

struct ImageSettings {
    std::string module;
    PreprocessSettings preprocess;
};

/// The reference library's results for one input at export.
struct Golden {
    std::string text;
    std::string role;                     ///< "document" or "query"; texts only
    std::vector<std::int32_t> token_ids;  ///< texts only
    std::string image;                    ///< file name inside the package; empty for a text
    std::string decoded;                  ///< file with the upright pixels, lossless; or empty
    std::string pixels;                   ///< file with the pixels after resize and crop; or empty
    std::string pixels_sha256;            ///< of those pixels' bytes; pictures only
    /// Samples of the model's input tensor, by index in channel, row, column order.
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
    /// Precision → the largest 1 - cosine to fp32's vectors that the exporter measured. Does not
    /// affect vectors, so it is not part of fingerprints. Empty: not measured.
    std::map<std::string, double> losses;
    std::map<std::string, std::string> source;    ///< name, weights, licence: for people
    std::map<std::string, std::string> exporter;  ///< versions: for people

    /// Whether it makes texts of pictures, and no vectors.
    bool writes_texts() const { return task == kCaptioningTask || task == kReadingTask; }

    /// SHA-256 of everything that determines a vector computed at this precision.
    std::string fingerprint(std::string_view precision) const;

    /// The path of one of `files`, after its size and SHA-256 were verified.
    std::filesystem::path verified_file(const std::string& file) const;
};

/// Reads `directory`/model.json strictly: every invalid, missing or unknown value that matters is
/// an Error that names the field, the value found and the value expected. Opens no other file.
Package read_package(const std::filesystem::path& directory);

}  // namespace pmatch
