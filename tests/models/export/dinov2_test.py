"""Pictures: DINOv2."""

import hashlib

from support import ExportError, F, Options, PackageTest, random_model, registry, torch  # isort: skip
from exporter.golden import decode
from exporter.processor import normalise, preprocess
from PIL import Image
from safetensors.torch import save_file
from transformers import Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig, Dinov2WithRegistersModel


OLD_NAMES = {  # of the published checkpoints
    "attention.attention.query.": "attention.q_proj.",
    "attention.attention.key.": "attention.k_proj.",
    "attention.attention.value.": "attention.v_proj.",
    "attention.output.dense.": "attention.o_proj.",
}


class ImagePackageTest(PackageTest):
    def test_model_json_names_every_file_with_its_checksum(self):
        package, content = self.export(random_model("dinov2"))
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

    def test_golden_pictures_replay_stage_by_stage_from_the_package_alone(self):
        package, content = self.export(random_model("dinov2"))
        module = torch.jit.load(package / "image.pt")
        settings = content["image"]["preprocess"]
        self.assertEqual([example["image"] for example in content["golden"]], ["golden/0.jpg", "golden/1.png"])
        inputs = []
        for example in content["golden"]:
            picture = decode((package / example["image"]).read_bytes())
            self.assertEqual(Image.open(package / example["decoded"]).tobytes(), picture.tobytes())
            pixels = preprocess(picture, settings)
            self.assertEqual(Image.open(package / example["pixels"]).tobytes(), pixels.tobytes())
            self.assertEqual(hashlib.sha256(pixels.tobytes()).hexdigest(), example["pixels_sha256"])
            inputs.append(normalise(pixels, settings))
            places, values = example["tensor"]["indices"], torch.tensor(example["tensor"]["values"])
            self.assertEqual(len(places), 64)
            self.assertTrue(torch.equal(inputs[-1].flatten()[places], values))
        wanted = torch.tensor([example["vector"] for example in content["golden"]])
        self.assertSame(module(torch.stack(inputs)), wanted)
        self.assertSame(module(inputs[0][None]), wanted[:1])

    def test_the_golden_jpeg_is_turned_and_the_golden_png_is_transparent(self):
        package, _ = self.export(random_model("dinov2"))
        jpeg, png = Image.open(package / "golden/0.jpg"), Image.open(package / "golden/1.png")
        self.assertEqual((jpeg.size, jpeg.getexif()[0x0112]), ((320, 241), 6))
        self.assertEqual(Image.open(package / "golden/0.decoded.png").size, (241, 320))
        self.assertEqual(png.mode, "RGBA")
        self.assertEqual(Image.open(package / "golden/1.decoded.png").getpixel((0, 0)), (255, 255, 255))


class Dinov2CheckpointTest(PackageTest):
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
                    for old, new in OLD_NAMES.items():
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


    def test_registers_giant_mlp_pooling_and_size_are_the_reference_s(self):
        config = Dinov2WithRegistersConfig(
            num_hidden_layers=2, hidden_size=32, num_attention_heads=2, image_size=98, patch_size=14,
            num_register_tokens=3, use_swiglu_ffn=True,
        )
        reference = Dinov2WithRegistersModel(config).eval()
        reference.save_pretrained(self.directory / "saved")
        pixels = torch.randn(16, 3, 126, 126)
        hidden = reference(pixels).last_hidden_state
        wanted = {"cls": hidden[:, 0], "mean": hidden[:, 4:].mean(1)}
        wanted["cls+mean"] = torch.cat((wanted["cls"], wanted["mean"]), 1)
        for pool, vectors in wanted.items():
            with self.subTest(pool):
                model = registry.load(str(self.directory / "saved"), None, Options(pool=pool, size=126))
                self.assertEqual((model.dim, model.pooling), (vectors.shape[1], pool))
                self.check_module(model.image.module, lambda _, vectors=vectors: F.normalize(vectors, dim=1), pixels)

    def test_a_position_table_is_resampled_as_the_reference_does_it(self):
        config = Dinov2Config(num_hidden_layers=1, hidden_size=32, num_attention_heads=2, image_size=518)
        reference = Dinov2Model(config).eval()
        reference.save_pretrained(self.directory / "saved")
        for size in (224, 392, 518):
            pixels = torch.randn(1, 3, size, size)
            model = registry.load(str(self.directory / "saved"), None, Options(size=size))
            self.assertSame(model.image.module(pixels), F.normalize(reference(pixels).last_hidden_state[:, 0], dim=1))

    def test_a_size_of_no_whole_patches_is_refused_with_one_that_is(self):
        with self.assertRaisesRegex(ExportError, "300 x 300 pixels are not a whole number of patches") as caught:
            random_model("dinov2", size=300)
        self.assertIn("--size 294", caught.exception.fix)


class HeadTest(PackageTest):
    def setUp(self):
        super().setUp()
        config = Dinov2Config(num_hidden_layers=2, hidden_size=32, num_attention_heads=2, image_size=98)
        self.reference, self.linear = Dinov2Model(config).eval(), torch.nn.Linear(32, 12)
        self.checkpoint, self.file = self.directory / "saved", self.directory / "head.pt"
        Dinov2Model(config).save_pretrained(self.checkpoint)  # other weights than the fine-tuned ones
        self.tuned = {f"backbone.{key}": value for key, value in self.reference.state_dict().items()}
        self.head = {f"head.{key}": value for key, value in self.linear.state_dict().items()}

    def vectors(self, weights: dict, **options) -> torch.Tensor:
        torch.save(weights, self.file)
        model = registry.load(str(self.checkpoint), "tuned", Options(head=self.file, **options))
        self.assertEqual((model.dim, model.pooling), (12, "cls, linear"))
        return model.image.module(self.pixels())

    def pixels(self) -> torch.Tensor:
        return torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))

    def wanted(self, backbone) -> torch.Tensor:
        return self.linear(backbone(self.pixels()).last_hidden_state[:, 0])

    def test_a_head_alone_stands_on_the_checkpoint(self):
        wanted = self.wanted(Dinov2Model.from_pretrained(self.checkpoint).eval())
        self.assertSame(self.vectors(self.head), F.normalize(wanted, dim=1))
        self.assertSame(self.vectors(self.linear.state_dict(), normalize=False), wanted)

    def test_a_fine_tuned_backbone_takes_the_place_of_the_checkpoint_s(self):
        self.assertSame(self.vectors(self.tuned | self.head), F.normalize(self.wanted(self.reference), dim=1))

    def test_the_original_repository_s_names_are_known(self):
        original = original_names(self.reference.state_dict(), 2)
        self.assertSame(self.vectors(original | self.head), F.normalize(self.wanted(self.reference), dim=1))

    def test_half_a_state_dict_is_refused_by_name(self):
        key = "backbone.encoder.layer.1.mlp.fc1.bias"
        damages = {
            "lacks 1 weights: encoder.layer.1.mlp.fc1.bias": {k: v for k, v in self.tuned.items() if k != key} | self.head,
            "has unexpected 1 weights: adapter.weight": self.tuned | self.head | {"backbone.adapter.weight": torch.ones(2)},
            "(head) lacks 1 weights: bias": self.tuned | {"head.weight": self.head["head.weight"]},
            "holds no head": self.tuned,
            "the head's weight is [12, 5], expected [values, 32]": {"head.weight": torch.ones(12, 5), "head.bias": torch.ones(12)},
        }
        for said, weights in damages.items():
            with self.subTest(said):
                torch.save(weights, self.file)
                self.refused(self.checkpoint, said, head=self.file)

    def test_a_pickled_module_is_not_opened(self):
        torch.save(self.linear, self.file)
        self.refused(self.checkpoint, "cannot be read as a state dict", head=self.file)


def original_names(weights: dict, layers: int) -> dict:
    """transformers' names -> those of the original repository."""
    result = {}
    for key, value in weights.items():
        for new, old in (
            ("encoder.layer.", "blocks."), ("embeddings.patch_embeddings.projection", "patch_embed.proj"),
            ("embeddings.position_embeddings", "pos_embed"), ("embeddings.", ""), ("attention.o_proj", "attn.proj"),
            ("layer_scale1.lambda1", "ls1.gamma"), ("layer_scale2.lambda1", "ls2.gamma"), ("layernorm.", "norm."),
        ):
            key = key.replace(new, old)
        result[key] = value
    for layer in range(layers):
        for kind in ("weight", "bias"):
            parts = [result.pop(f"blocks.{layer}.attention.{part}_proj.{kind}") for part in "qkv"]
            result[f"blocks.{layer}.attn.qkv.{kind}"] = torch.cat(parts)
    return result
