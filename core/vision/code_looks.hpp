/// Internal to core: how a picture is looked at for codes.
#pragma once

#include <array>

namespace pmatch {

/// What is done to a picture, and how dark is told from light in it.
struct CodeLook {
    double scale;    ///< of the picture's sides
    double sharpen;  ///< weight of the unsharp mask, 0 = none
    bool local;  ///< dark is what is darker than around it, else than the whole picture's middle
};

/// At the whole picture, in this order until one finds something.
inline constexpr std::array<CodeLook, 3> kLooksAtWhole{{{1, 0, true}, {1, 0, false}, {2, 0, true}}};
/// At a patch of bars. Bars of a pixel become readable by enlarging, blurred ones by sharpening.
inline constexpr std::array<CodeLook, 7> kLooksAtPatch{{{2, 0, true},
                                                        {2, 1.5, false},
                                                        {3, 1.5, true},
                                                        {4, 3, false},
                                                        {4, 3, true},
                                                        {1, 0, false},
                                                        {3, 5, false}}};

/// Lines that must agree; more for a code of few digits, which is soon found in a texture.
inline constexpr int kCodeLines = 4;
inline constexpr int kCodeLinesOfShort = 10;

}  // namespace pmatch
