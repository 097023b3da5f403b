"""PP-OCR: what the exporter reads from ONNX files, and that its modules compute what onnxruntime computes."""

import copy
import json
import os
import unittest

import numpy as np
from support import PackageTest, registry, torch

from exporter import ppocr
from exporter.errors import ExportError
from exporter.onnx_file import Graph, Node, read_onnx
from exporter.onnx_fusion import fuse
from exporter.onnx_module import OnnxModule

SIZES = {  # other ones than those that the exporter tries
    "detector.pt": [(1, 32, 32), (1, 736, 736), (2, 160, 416)],
    "direction.pt": [(1, 48, 192), (5, 48, 192)],
    "recogniser.pt": [(1, 48, 320), (3, 48, 333), (6, 48, 718), (1, 48, 2401)],
}
MOST_OFF = 2e-5


class Ppocr(PackageTest):
    @classmethod
    def setUpClass(cls):
        cls.model = registry.load("ppocr-mobile", None)

    def test_the_package_says_what_it_is_and_has_every_character(self):
        package, content = self.export(self.model)
        self.check_files(package, content)
        self.assertEqual((content["task"], content["source"]["licence"]), ("text-reading", "Apache-2.0"))
        self.assertEqual(content["reading"], ppocr.SETTINGS)
        characters = json.loads((package / "characters.json").read_text(encoding="utf-8"))
        # As many as the recogniser has classes, "none" first and the blank last.
        self.assertEqual((len(characters), characters[0], characters[-1]), (6625, "", " "))
        self.assertLessEqual(set("aZ0é&%"), set(characters))

    def test_modules_compute_what_onnxruntime_computes_at_sizes_they_were_not_traced_with(self):
        try:
            import onnxruntime
        except ImportError:
            if os.environ.get("CI"):
                raise
            self.skipTest("onnxruntime is not installed")
        for file, source in ppocr.FILES.items():
            session = onnxruntime.InferenceSession(str(ppocr.weights_directory() / source), providers=["CPUExecutionProvider"])
            module = torch.jit.load(self.file(file))
            for rows, height, width in SIZES[file]:
                pixels = torch.randn(rows, 3, height, width, generator=torch.Generator().manual_seed(width))
                (wanted,) = session.run(None, {session.get_inputs()[0].name: pixels.flip(1).numpy()})
                found, wanted = module(pixels), torch.from_numpy(wanted)
                if file == "recogniser.pt":
                    self.assertLess((found[..., 1] - wanted.max(2).values).abs().max().item(), MOST_OFF)
                    found, wanted = found[..., 1:], wanted.gather(2, found[..., :1].long())
                self.assertEqual(found.shape, wanted.shape)
                self.assertLess((found - wanted).abs().max().item(), MOST_OFF, f"{file} {rows} x {height} x {width}")

    def file(self, name):
        path = self.directory / name
        path.write_bytes(self.model.reading.modules[name])
        return str(path)

    def test_a_damaged_file_is_refused(self):
        content = (ppocr.weights_directory() / ppocr.FILES["direction.pt"]).read_bytes()
        for damaged in (b"", b"no protocol buffer", content[:-9], content[:100]):
            (self.directory / "damaged.onnx").write_bytes(damaged)
            with self.assertRaises(ExportError):
                read_onnx(self.directory / "damaged.onnx")
        with self.assertRaises(ExportError):
            read_onnx(self.directory / "nowhere.onnx")


class Fusion(unittest.TestCase):
    def check(self, nodes, constants, kinds, *shape):
        """The graph computes the same with fewer nodes."""
        plain, fused = (Graph(copy.deepcopy(nodes), dict(constants), "x", nodes[-1].output, {}) for _ in range(2))
        fuse(fused)
        self.assertEqual([node.kind for node in fused.nodes], kinds)
        pixels = 4 * torch.randn(shape, generator=torch.Generator().manual_seed(5))
        found, wanted = OnnxModule(fused)(pixels), OnnxModule(plain)(pixels)
        self.assertLess((found - wanted).abs().max().item(), 1e-6 * max(1, wanted.abs().max().item()))

    def constants(self, **shapes):
        random = np.random.default_rng(3)
        return {name: random.normal(1, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}

    def test_a_hard_swish(self):
        numbers = {name: np.float32(value) for name, value in {"three": 3, "zero": 0, "six": 6}.items()}
        nodes = [Node("Add", ["x", "three"], "a"), Node("Clip", ["a", "zero", "six"], "b"),
                 Node("Mul", ["x", "b"], "c"), Node("Div", ["c", "six"], "d")]
        self.check(nodes, numbers, ["HardSwish"], 2, 3, 4, 4)
        # Divided by three it is none.
        nodes[-1] = Node("Div", ["c", "three"], "d")
        self.check(nodes, numbers, ["Add", "Clip", "Mul", "Div"], 2, 3, 4, 4)

    def test_a_layer_norm(self):
        constants = self.constants(scale=(8,), shift=(8,)) | {"two": np.float32(2), "little": np.float32(1e-5)}
        last = {"axes": [-1]}
        nodes = [Node("ReduceMean", ["x"], "m", last), Node("Sub", ["x", "m"], "d"), Node("Pow", ["d", "two"], "p"),
                 Node("ReduceMean", ["p"], "v", last), Node("Add", ["v", "little"], "w"), Node("Sqrt", ["w"], "s"),
                 Node("Div", ["d", "s"], "n"), Node("Mul", ["n", "scale"], "k"), Node("Add", ["k", "shift"], "y")]
        self.check(nodes, constants, ["LayerNorm"], 2, 5, 8)

    def test_norms_and_scales_become_part_of_a_convolution(self):
        constants = self.constants(w=(6, 3, 3, 3), b=(6,), scale=(6,), shift=(6,), mean=(6,), factor=(1,), more=(1, 6, 1, 1))
        constants["variance"] = np.abs(self.constants(variance=(6,))["variance"]) + 0.1
        settings = {"group": 1, "strides": [2, 1], "pads": [1, 1, 1, 1], "kernel_shape": [3, 3]}
        nodes = [Node("Conv", ["x", "w", "b"], "a", dict(settings)),
                 Node("BatchNormalization", ["a", "scale", "shift", "mean", "variance"], "n", {"epsilon": 1e-5}),
                 Node("Mul", ["factor", "n"], "m"), Node("Add", ["m", "more"], "y")]
        self.check(nodes, constants, ["Conv"], 2, 3, 8, 7)

    def test_what_pads_takes_in_a_scale_but_no_shift_before_it(self):
        constants = self.constants(w=(3, 3, 3, 3), p=(2, 3, 1, 1), scale=(1,), shift=(1,))
        settings = {"group": 1, "strides": [1, 1], "kernel_shape": [3, 3]}
        before = [Node("Relu", ["x"], "r"), Node("Mul", ["r", "scale"], "m"), Node("Add", ["m", "shift"], "a")]
        padded = Node("Conv", ["a", "w"], "y", {**settings, "pads": [1, 1, 1, 1]})
        self.check([*before, padded], constants, ["Relu", "Affine", "Conv"], 1, 3, 6, 6)
        pointwise = Node("Conv", ["a", "p"], "y", {**settings, "pads": [0, 0, 0, 0]})
        self.check([*before, pointwise], constants, ["Relu", "Conv"], 1, 3, 6, 6)


if __name__ == "__main__":
    unittest.main()
