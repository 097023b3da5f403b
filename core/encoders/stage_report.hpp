/// How far what this machine makes of golden examples is from what a reference made of them.
#pragma once

#include <string>

namespace pmatch {

struct StageReport {
    std::string stage;    ///< "decoded pixels", …
    int compared = 0;     ///< examples; 0: not in this package
    std::string largest;  ///< the largest difference found, with its unit
    std::string allowed;
    bool good = true;
    std::string detail;  ///< which example failed first, and how
};

}  // namespace pmatch
