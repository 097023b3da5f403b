/// A reader that is part of the program: a function from a picture to the text in it, without a
/// network. `pmatch caption --model builtin:NAME` names it.
#pragma once

#include <functional>
#include <string>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"

namespace pmatch {

struct BuiltinReader {
    std::string name;   ///< the part after "builtin:", and the name under which texts are stored
    std::string about;  ///< one line for people: what it reads
    /// Everything that determines the texts: method, sizes, version. Part of the fingerprint, so a
    /// change of the function that changes texts must change this one.
    std::string settings;
    Problem nothing;  ///< of a picture in which there is nothing to read
    /// The text in the picture; empty if there is none. Called from many threads. Equal pictures
    /// give equal texts.
    std::function<std::string(const Image&)> read;
};

}  // namespace pmatch
