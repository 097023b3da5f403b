/// Finds and decodes barcodes in a picture.
#pragma once

#include <string>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

struct CodeOptions {
    int most_pixels = 4'000'000;  ///< a larger picture is halved until it has at most so many
    int enlarge_below = 1600;  ///< longer side in pixels: a smaller one is also looked at enlarged
    int most_patches = 6;      ///< places with parallel bars that are looked at more closely
    int most_patch_pixels = 1'000'000;  ///< of such a place, enlarged
};

struct Code {
    std::string type;  ///< "EAN-13", "EAN-8", "UPC-A", "UPC-E", "QRCode" or "DataMatrix"
    std::string text;  ///< UTF-8; the digits of a trade number as printed, those of UPC-E as UPC-A
};

/// Each code once, in ascending type and text. The same for the same pixels. Cost is bounded by the
/// options.
std::vector<Code> codes_in(const Image& image, const CodeOptions& options = {});

/// All that decides what codes_in() finds, for a fingerprint.
std::string code_settings(const CodeOptions& options = {});

/// The 12 digits of UPC-A that a UPC-E code of 8 digits stands for (GS1 General Specifications,
/// section 5.2.2.4, "zero suppression"); `digits` itself if it is no such code.
std::string upc_a_of(const std::string& digits);

}  // namespace pmatch
