#include "models/torch/torch_library.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;

TEST_CASE("torch says its version in version.py, and nothing where there is none") {
    const pmatch::test::TempDir dir("torch_version");
    CHECK(pmatch::torch_version_in(dir.path()).empty());
    std::ofstream(dir.path() / "version.py") << "from typing import Optional\n\n"
                                                "__all__ = ['__version__', 'debug']\n"
                                                "__version__ = '2.14.1+cu130'\ndebug = False\n";
    CHECK(pmatch::torch_version_in(dir.path()) == "2.14.1+cu130");
    std::ofstream(dir.path() / "version.py") << "__version__ = \n";
    CHECK(pmatch::torch_version_in(dir.path()).empty());
}

TEST_CASE("a torch with CUDA and one without fit the same pmatch, another version does not") {
    CHECK(pmatch::same_torch("2.13.0+cpu", "2.13.0"));
    CHECK(pmatch::same_torch("2.13.0+cpu", "2.13.0+cu130"));
    CHECK_FALSE(pmatch::same_torch("2.13.0", "2.14.1"));
    CHECK_FALSE(pmatch::same_torch("2.13.0", "2.13.01"));
}

TEST_CASE("the library is looked for beside the program, then where it is installed") {
    const pmatch::test::TempDir dir("torch_library");
    const auto bin = dir.path() / "bin";
    const auto installed = dir.path() / "lib" / "pmatch";
    fs::create_directories(bin);
    fs::create_directories(installed);
    CHECK(pmatch::companion_file(pmatch::kTorchLibrary, bin) == bin / pmatch::kTorchLibrary.file);
    std::ofstream(installed / pmatch::kTorchLibrary.file) << "";
    CHECK(pmatch::companion_file(pmatch::kTorchLibrary, bin) ==
          installed / pmatch::kTorchLibrary.file);
    std::ofstream(bin / pmatch::kTorchLibrary.file) << "";
    CHECK(pmatch::companion_file(pmatch::kTorchLibrary, bin) == bin / pmatch::kTorchLibrary.file);
}

TEST_CASE("what the library throws is caught outside as what it is") {
    CHECK_THROWS_AS(pmatch::load_module("no/such.pt", {}, pmatch::Module::For::kTexts,
                                        pmatch::Precision::kFp32),
                    pmatch::Error);
    CHECK(pmatch::torch_is_open());
}
