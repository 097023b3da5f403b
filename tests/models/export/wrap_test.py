"""One's own TorchScript file with a hand-written settings file."""

import json

from support import ExportError, F, PackageTest, torch  # isort: skip
from exporter import wrap


class Mean(torch.nn.Module):
    def forward(self, pixels):
        return F.normalize(F.adaptive_avg_pool2d(pixels, 2).flatten(1), dim=1)


class WrapTest(PackageTest):
    def settings(self) -> dict:
        resize = {"mode": "squash", "height": 32, "width": 32, "filter": "bilinear", "antialias": True}
        preprocess = {"resize": resize, "crop": None, "rescale": 1 / 255, "mean": [0.5] * 3, "std": [0.5] * 3}
        embedding = {"dim": 12, "normalized": True, "pooling": "mean"}
        image = {"module": "mine.pt", "preprocess": preprocess}
        return {"name": "mine", "task": "image-embedding", "embedding": embedding, "image": image}

    def load(self, settings: dict, module=None):
        module = module or Mean()
        torch.jit.trace(module.eval(), torch.zeros(2, 3, 32, 32), check_trace=False).save(self.directory / "mine.pt")
        file = self.directory / "settings.json"
        file.write_text(json.dumps(settings))
        return wrap.load(file, None)

    def test_the_module_is_packed_as_it_is(self):
        model = self.load(self.settings())
        package, content = self.export(model)
        self.check_files(package, content)
        self.assertEqual((package / "image.pt").read_bytes(), (self.directory / "mine.pt").read_bytes())
        self.assertEqual((content["name"], content["family"], content["embedding"]["dim"]), ("mine", "own", 12))

    def test_wrong_settings_are_refused_with_the_field_found_and_wanted(self):
        damages = {
            "task is 'sorting', expected one of text-embedding": lambda s: s.update(task="sorting"),
            "embedding.dim is '12', expected a whole number": lambda s: s["embedding"].update(dim="12"),
            "embedding.normalized is None": lambda s: s["embedding"].pop("normalized"),
            "image.preprocess.resize.filter is 'box'": lambda s: s["image"]["preprocess"]["resize"].update(filter="box"),
            "image.preprocess.std is [1, 0, 1], expected 3 numbers above 0": lambda s: s["image"]["preprocess"].update(std=[1, 0, 1]),
            "image.preprocess.channels is 'gbr'": lambda s: s["image"]["preprocess"].update(channels="gbr"),
            "gone.pt cannot be read": lambda s: s["image"].update(module="gone.pt"),
            "the image module gives [16, 12] torch.float32": lambda s: s["embedding"].update(dim=11),
            "image is None, expected an object": lambda s: s.pop("image"),
        }
        for said, damage in damages.items():
            with self.subTest(said):
                settings = self.settings()
                damage(settings)
                with self.assertRaises(ExportError) as caught:
                    self.load(settings)
                self.assertIn(said, caught.exception.what)

    def test_a_module_that_mixes_its_batch_or_is_not_normalised_is_refused(self):
        class Mixed(torch.nn.Module):
            def forward(self, pixels):
                x = F.adaptive_avg_pool2d(pixels, 2).flatten(1)
                return F.normalize(x - 0.9 * x.mean(0), dim=1)

        class Long(torch.nn.Module):
            def forward(self, pixels):
                return F.adaptive_avg_pool2d(pixels, 2).flatten(1)

        for module, said in ((Mixed(), "alone and in a batch gives two vectors"), (Long(), "embedding.normalized is true")):
            with self.assertRaises(ExportError) as caught:
                self.load(self.settings(), module)
            self.assertIn(said, caught.exception.what)

    def test_what_is_no_torchscript_is_refused(self):
        self.load(self.settings())
        torch.save({"a": torch.ones(1)}, self.directory / "mine.pt")
        with self.assertRaisesRegex(ExportError, "is no TorchScript file"):
            wrap.load(self.directory / "settings.json", None)
