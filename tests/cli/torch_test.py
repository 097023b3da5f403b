"""torch is opened when the first encoder is wanted, on its own BLAS, and only the torch that pmatch was built with."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest

FAKES = pathlib.Path(os.environ.get("PMATCH_FAKE_TORCH", "."))
LIBRARY = "libpmatch_torch.so"


class Loaded(CliTest):
    def setUp(self):
        super().setUp()
        (self.dir / "catalog.csv").write_text("id,title\na,red mug\nb,blue mug\nc,green bowl\n")
        (self.dir / "truth.csv").write_text("query,item\n1,a\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25")

    def said_by_loader(self, about, *arguments):
        return self.said_with({"LD_DEBUG": about}, *arguments)

    def said_with(self, environment, *arguments):
        done = subprocess.run([BINARY, *map(str, arguments)], cwd=self.dir, capture_output=True, text=True,
                              errors="replace", env=os.environ | environment, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done.stderr

    def test_what_needs_no_encoder_loads_no_torch(self):
        run = self.quiet("query", "shop", "--text", "red mug", "--preset", "lexical", "--format", "trec").stdout
        (self.dir / "run.trec").write_text(run)
        for arguments in [["--version"], ["--help"], ["embed", "--help"], ["status", "shop"], ["ledger", "shop"],
                          ["doctor", "shop"], ["presets"], ["query", "shop", "--text", "mug", "--preset", "lexical"],
                          ["--threads", "1", "query", "shop", "--text", "mug", "--preset", "lexical"],
                          ["evaluate", "--run", "run.trec", "--truth", "truth.csv"],
                          ["model", "inspect", PACKAGES / "text"]]:
            with self.subTest(arguments):
                said = self.said_by_loader("libs", *arguments)
                self.assertIn("libc.so", said)  # the loader does speak
                self.assertNotIn("libtorch", said)
        self.assertIn("libtorch", self.said_by_loader("libs", "model", "verify", PACKAGES / "text"))

    def test_torch_and_faiss_have_each_their_own_blas(self):
        said = self.said_by_loader("bindings", "model", "verify", PACKAGES / "text")
        if "libasan" in said:
            self.skipTest("under the address sanitizer both have the same")
        found = re.findall(r"binding file \S*/(libtorch_cpu\.so) \[0\] to (\S+) \[0\]: normal symbol `[sd]gemm_'", said)
        self.assertTrue(found)
        for _, file in found:
            self.assertIn("libtorch", file)
        faiss = re.findall(r"binding file \S*/pmatch \[0\] to (\S+) \[0\]: normal symbol `sgemm_'", said)
        for file in faiss:
            self.assertNotIn("libtorch", file)

    def test_torch_may_write_to_the_streams(self):
        said = self.said_with({"PYTORCH_JIT_LOG_LEVEL": ">>freeze_module"}, "model", "verify", PACKAGES / "text")
        self.assertIn("freeze_module.cpp", said)


class Refused(CliTest):
    def program(self, library=None):
        """A copy of pmatch, beside it what is to be taken for its library."""
        shutil.copy(BINARY, self.dir / "pmatch")
        if library is not None:
            shutil.copy(library, self.dir / LIBRARY)

    def fails_with(self, *words):
        done = subprocess.run([self.dir / "pmatch", "model", "verify", PACKAGES / "text"], cwd=self.dir,
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        for word in ["pmatch: error: ", "file: ", "fix: ", *words]:
            self.assertIn(word, done.stderr)
        return done.stderr

    def test_a_missing_library_is_an_error_and_the_rest_still_works(self):
        self.program()
        self.fails_with("is missing", str(self.dir / LIBRARY), "build pmatch again")
        subprocess.run([self.dir / "pmatch", "model", "inspect", PACKAGES / "text"], check=True, capture_output=True)

    def test_a_library_of_another_pmatch_is_refused_by_both_versions(self):
        self.program(FAKES / "fake_torch_pmatch.so")
        own = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        self.fails_with("is of pmatch 0.0.1, this is pmatch " + own, str(self.dir / LIBRARY))

    def test_another_torch_is_refused_by_both_versions(self):
        self.program(FAKES / "fake_torch_torch.so")
        said = self.fails_with("run scripts/setup.sh and build pmatch again")
        self.assertRegex(said, r"pmatch was built with torch 2\.\d+\.\d+, and finds torch 2\.99\.1")

    def test_a_library_with_unknown_symbols_is_an_error(self):
        self.program(FAKES / "fake_torch_symbols.so")
        self.fails_with("cannot be loaded", "symbol_of_another_torch", "run scripts/setup.sh and build pmatch again")

    def test_a_damaged_library_is_an_error(self):
        self.program()
        (self.dir / LIBRARY).write_bytes(b"no library")
        self.fails_with("cannot be loaded", str(self.dir / LIBRARY))

    def test_a_library_in_the_install_tree_is_found(self):
        self.program()
        (self.dir / "bin").mkdir()
        (self.dir / "lib" / "pmatch").mkdir(parents=True)
        shutil.move(self.dir / "pmatch", self.dir / "bin" / "pmatch")
        shutil.copy(pathlib.Path(BINARY).parent / LIBRARY, self.dir / "lib" / "pmatch" / LIBRARY)
        subprocess.run([self.dir / "bin" / "pmatch", "model", "verify", PACKAGES / "text"], check=True,
                       capture_output=True, timeout=300)


if __name__ == "__main__":
    unittest.main()
