"""Texts and pictures in one space: CLIP and SigLIP."""

import json

from support import F, Options, PackageTest, write_package, random_model, registry, torch  # isort: skip
from exporter import clip, sample_tokenizers, siglip
from transformers import CLIPConfig, CLIPModel, SiglipConfig, SiglipModel


class TwoTowersTest(PackageTest):
    def save(self, name: str, model_class, config, tokenizer: bytes) -> tuple:
        checkpoint = self.directory / name
        reference = model_class(config).eval()
        reference.save_pretrained(checkpoint)
        (checkpoint / "tokenizer.json").write_bytes(tokenizer)
        return checkpoint, reference

    def clip(self):
        tokenizer, words = sample_tokenizers.clip_like()
        text = {**clip.TINY, "vocab_size": words, "eos_token_id": 1, "bos_token_id": 0, "pad_token_id": 1}
        vision = clip.CONFIGS["tiny"]["vision_config"]
        return self.save("clip", CLIPModel, CLIPConfig(projection_dim=48, text_config=text, vision_config=vision), tokenizer)

    def siglip(self):
        tokenizer, words = sample_tokenizers.siglip_like()
        text = {**siglip.CONFIGS["tiny"]["text_config"], "vocab_size": words}
        vision = siglip.CONFIGS["tiny"]["vision_config"]
        return self.save("siglip", SiglipModel, SiglipConfig(text_config=text, vision_config=vision), tokenizer)

    def test_one_package_holds_both_towers(self):
        for family in ("clip", "siglip"):
            model = random_model(family)
            package = self.directory / family
            write_package(model, package)
            content = json.loads((package / "model.json").read_text())
            self.check_files(package, content)
            self.assertEqual(content["task"], "image-text-embedding")
            self.assertEqual({"image.pt", "text.pt", "tokenizer.json"} - set(content["files"]), set())
            self.assertEqual(len({len(example["vector"]) for example in content["golden"]}), 1)

    def test_clip_s_texts_are_pooled_at_the_first_end_token(self):
        checkpoint, reference = self.clip()
        text = registry.load(str(checkpoint), None).text
        ids, mask = padded(text, ["black shoes", "a", "stainless steel bottle 750 ml"] * 5 + ["tea"])

        def vectors(ids, mask):
            return F.normalize(reference.get_text_features(input_ids=ids, attention_mask=mask).pooler_output, dim=1)

        self.check_module(text.module, vectors, ids, mask)

    def test_an_old_clip_configuration_ends_texts_with_the_highest_token(self):
        text = {**clip.TINY, "vocab_size": 91, "eos_token_id": 2}
        reference = CLIPModel(CLIPConfig(**{**clip.CONFIGS["tiny"], "text_config": text})).eval()
        ids = torch.tensor([[0, 7, 90, 5, 90], [0, 90, 1, 1, 1]])
        wanted = F.normalize(reference.get_text_features(input_ids=ids).pooler_output, dim=1)
        self.assertSame(clip.ClipTextTower(reference, True)(ids, torch.ones_like(ids)), wanted)

    def test_siglip_s_texts_are_padded_to_64_by_the_module(self):
        checkpoint, reference = self.siglip()
        for side in ("right", "left"):
            with self.subTest(side):
                (checkpoint / "tokenizer_config.json").write_text(json.dumps({"padding_side": side, "pad_token": "</s>"}))
                text = registry.load(str(checkpoint), None).text
                ids, mask = padded(text, ["black shoes", "a", "stainless steel bottle 750 ml"] * 5 + ["tea " * 100])
                full = torch.full((16, 64), 1)
                for row, kept, out in zip(ids, mask.sum(1).tolist(), full):
                    out[slice(kept) if side == "right" else slice(64 - kept, 64)] = row[:kept]
                wanted = F.normalize(reference.get_text_features(input_ids=full).pooler_output, dim=1)
                self.check_module(text.module, lambda *_: wanted, ids, mask)
                self.assertEqual((text.max_tokens, ids.shape[1]), (64, 64))
                kept = mask[0].sum()
                self.assertSame(text.module(ids[:1, :kept], mask[:1, :kept]), wanted[:1])

    def test_their_pictures_are_the_reference_s_at_any_size(self):
        for checkpoint, reference in (self.clip(), self.siglip()):
            for size in (64, 96):
                image = registry.load(str(checkpoint), None, Options(size=size)).image

                def vectors(pixels):
                    output = reference.get_image_features(pixel_values=pixels, interpolate_pos_encoding=True)
                    return F.normalize(output.pooler_output, dim=1)

                self.check_module(image.module, vectors, torch.randn(16, 3, size, size))

    def test_siglip_2_of_variable_resolution_is_refused_by_name(self):
        (self.directory / "config.json").write_text('{"model_type": "siglip2"}')
        self.refused(self.directory, "SigLIP 2 of variable resolution")


def padded(text, words: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [text.reference_tokens(word) for word in words]
    longest = max(len(row) for row in rows)
    ids = torch.tensor([row + [text.pad_id] * (longest - len(row)) for row in rows])
    return ids, torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
