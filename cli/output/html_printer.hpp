/// Answers as a page that a person opens to see why a run went wrong.
#pragma once

#include <memory>
#include <ostream>

#include "cli/output/answer_printer.hpp"

namespace pmatch::cli {

/// One self-contained page: pictures are in it, small; nothing is loaded from elsewhere. Written
/// query by query, so its memory does not grow with the number of queries.
std::unique_ptr<AnswerPrinter> make_html_printer(std::ostream& out, const AnswerDetails& details);

}  // namespace pmatch::cli
