/// Answers as an HTML page, to inspect why a run went wrong.
#pragma once

#include <memory>
#include <ostream>

#include "cli/output/answer_printer.hpp"

namespace pmatch::cli {

/// A self-contained page with embedded thumbnails. Written query by query, so memory does not grow
/// with the number of queries.
std::unique_ptr<AnswerPrinter> make_html_printer(std::ostream& out, const AnswerDetails& details);

}  // namespace pmatch::cli
