/// Text files in other encodings, as UTF-8.
#pragma once

#include <istream>
#include <memory>
#include <string>

namespace pmatch {

/// A stream of the same text in UTF-8. `encoding` is a name that iconv knows; empty or UTF-8: the
/// stream itself. Bytes that are no text in it become a byte that is not UTF-8, so that their row
/// is refused and no other. Throws UsageError for an unknown encoding.
std::unique_ptr<std::istream> decoded_input(std::unique_ptr<std::istream> input,
                                            const std::string& encoding);

/// The same for a stream that outlives the result, which is null if the stream can be read as it
/// is.
std::unique_ptr<std::istream> decoded_input(std::istream& input, const std::string& encoding);

}  // namespace pmatch
