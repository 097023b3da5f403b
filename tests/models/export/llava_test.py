"""LLaVA-OneVision: what the exporter reads from a checkpoint, keeps in the package and refuses."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import SCRIPTS, ExportError, load_file, registry, save_file, torch, write_package

from exporter import llava_onevision, random_llava


class Llava(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="pmatch-llava-")
        cls.root = Path(cls.folder.name)
        random_llava.write_checkpoint(llava_onevision.CONFIGS["tiny"], 1, cls.root / "checkpoint")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def checkpoint(self, **files):
        """A copy; `files` are new contents by name without ending, None for none."""
        copy = Path(tempfile.mkdtemp(dir=self.root))
        for file in (self.root / "checkpoint").iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        for name, content in files.items():
            file = next(copy.glob(f"{name}.json"))
            if content is None:
                file.unlink()
            else:
                file.write_text(json.dumps(content))
        return copy

    def changed(self, name, **values):
        return {**json.loads((self.root / "checkpoint" / f"{name}.json").read_text()), **values}

    def refused(self, directory, *words):
        with self.assertRaises(ExportError) as caught:
            registry.load(str(directory), "little")
        for word in words:
            self.assertIn(word, f"{caught.exception.what} {caught.exception.fix}")

    def test_settings_are_the_checkpoints(self):
        generation = self.changed("generation_config", repetition_penalty=1.1, eos_token_id=[7, 9])
        processor = self.changed("preprocessor_config", image_mean=[0.1, 0.2, 0.3])
        directory = self.checkpoint(generation_config=generation, preprocessor_config=processor)
        settings = registry.load(str(directory), "little").caption.settings
        self.assertEqual(settings["repetition_penalty"], 1.1)
        self.assertEqual(settings["stop_tokens"], [7, 9])
        self.assertEqual(settings["preprocess"]["mean"], [0.1, 0.2, 0.3])
        self.assertEqual(settings["prompt"]["before"], "<|im_start|>user ")
        self.assertEqual(settings["prompt"]["after"], "<|im_end|><|im_start|>assistant\n")
        self.assertEqual(len(settings["modes"]["anyres"]["pinpoints"]), 36)

    def test_weights_keep_their_type_and_tied_ones_are_stored_once(self):
        directory = self.checkpoint()
        weights = load_file(directory / "model.safetensors")
        self.assertNotIn("language_model.lm_head.weight", weights)
        save_file({name: value.bfloat16() for name, value in weights.items()}, directory / "model.safetensors", metadata={"format": "pt"})
        config = self.changed("config", dtype="bfloat16")
        (directory / "config.json").write_text(json.dumps(config))
        write_package(registry.load(str(directory), "little"), directory / "package")
        decoder = torch.jit.load(str(directory / "package" / "decoder.pt"))
        self.assertEqual({parameter.dtype for parameter in decoder.parameters()}, {torch.bfloat16})
        bytes_of_weights = sum(value.numel() * 2 for name, value in weights.items() if name.startswith("language_model"))
        size = (directory / "package" / "decoder.pt").stat().st_size
        self.assertLess(size, bytes_of_weights + 120_000)

    def test_the_same_checkpoint_gives_the_same_bytes(self):
        made = []
        for name in ("a", "b"):  # TorchScript numbers its classes through a process
            subprocess.run([sys.executable, SCRIPTS / "export_model.py", self.root / "checkpoint", "--out", self.root / name],
                           check=True, stdout=subprocess.DEVNULL)
            made.append({file.name: file.read_bytes() for file in (self.root / name).iterdir()})
        self.assertEqual(made[0], made[1])

    def test_missing_and_unexpected_weights_are_refused(self):
        directory = self.checkpoint()
        weights = load_file(directory / "model.safetensors")
        lost = weights.pop("language_model.model.layers.1.mlp.up_proj.weight")
        save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
        self.refused(directory, "lacks 1 weights", "layers.1.mlp.up_proj")
        weights["language_model.model.layers.1.mlp.up_proj.weight"] = lost
        weights["language_model.model.layers.9.mlp.up_proj.weight"] = lost.clone()
        save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
        self.refused(directory, "unexpected", "layers.9")

    def test_files_that_are_not_there_are_named(self):
        self.refused(self.checkpoint(tokenizer=None), "tokenizer.json")
        self.refused(self.checkpoint(preprocessor_config=None), "processor_config.json")
        self.refused(self.checkpoint(chat_template=None), "chat template")

    def test_what_the_runtime_cannot_do_is_refused(self):
        config = self.changed("config")
        self.refused(self.checkpoint(config={**config, "vision_feature_select_strategy": "default"}), "select_strategy", "full")
        self.refused(self.checkpoint(config={**config, "vision_aspect_ratio": "pad"}), "pad", "anyres_max_N")
        self.refused(self.checkpoint(config={**config, "vision_feature_layer": -5}), "vision_feature_layer")
        template = {"chat_template": "{{ messages[0]['content'][1]['text'] }}"}
        self.refused(self.checkpoint(chat_template=template), "<image>")


if __name__ == "__main__":
    unittest.main()
