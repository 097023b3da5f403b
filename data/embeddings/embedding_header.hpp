/// Internal to data/: the attributes of all HDF5 files.
#pragma once

#include <filesystem>

#include "data/embeddings/embedding_part.hpp"
#include "data/embeddings/hdf5.hpp"

namespace pmatch {

void write_header(hid_t file, const PartHeader& header, const std::filesystem::path& named);
PartHeader read_header(hid_t file, const std::filesystem::path& named);

}  // namespace pmatch
