#include "data/pictures/mended_problem.hpp"

#include "data/decoders/picture_decoders.hpp"

namespace pmatch {

bool may_have_mended(const Problem& problem) {
    if (problem.code == "unsupported_format") {
        // Recorded with the formats that were read then.
        return problem.detail.ends_with(" are read") &&
               !problem.detail.ends_with(detail::formats_read());
    }
    return problem.code == "missing" || problem.code == "unreadable" ||
           problem.code == "content_changed";
}

}  // namespace pmatch
