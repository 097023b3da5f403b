#!/usr/bin/env python3
"""Regenerates the small seeds of tests/fuzz/seeds: make_seeds.py TEST-PACKAGES COLLECTION

TEST-PACKAGES is made by tests/cli/make_packages.py; COLLECTION has a lexical index. Needs Pillow, pillow-heif and
tokenizers."""
import io
import json
import pathlib
import struct
import sys
import zlib

import pillow_heif
from PIL import Image
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SEEDS = pathlib.Path(__file__).resolve().parents[2] / "tests/fuzz/seeds"
WORDS = ["red mug number one", "blue cup of steel", "running shoes for women 500 ml", "crème brûlée torch"] * 3

TEXTS = {
    "csv": {
        "plain.csv": "id,title,price\nm1,Stoneware mug,9.50\nm2,\"Mug, with lid\",12\n",
        "quotes.csv": "id,title\r\n1,\"ha \"\"ha\"\" ha\"\r\n2,\"two\nlines\"\r\n",
        "bom.csv": "\ufeffid,title\n1,a\n",
        "utf16.csv": "id,title\n1,猫\n".encode("utf-16"),
        "images.csv": "id,image,text\n1,a.png|b.png,\n2,https://example.org/a.png,x\n",
        "bare_cr.csv": "id,a\r1,x\r2,y\r",
        "tabs.tsv": "id\ttitle\n1\t\"a\tb\"\n2\tc\n",
        "ragged.csv": "id,a,b\n1,2\n1,2,3,4\n\"x\" y,2,3\n",
    },
    "jsonl": {
        "plain.jsonl": '{"id": "m1", "title": "Mug", "price": 9.50, "tags": ["a", "b"], "image": ["a.png"]}\n'
                       '{"id": 2, "title": null, "deep": {"a": [1, 2.0, 1e5]}}\n',
        "twice.jsonl": '{"id": "1", "id": "2"}\n{"id": "\\ud83d\\udc4d \\u0000"}\n[1]\n\n"x"\n',
        "numbers.jsonl": '{"id": 58.40, "n": 123456789012345678901234567890, "e": -1.5E-300, "b": true}\n',
    },
    "where": {
        "compare": "price < 50 and colour = 'red'",
        "words": "title like '%mug%' or lower(\"colour\") in ('red', 'white') and price is not null",
        "arithmetic": "abs(price * 2 - 3) between 1 and 99 and length(title) > 2 and not price % 2",
        "select": "price in (select price from items) or (select count(*) from sqlite_master) > 0",
        "slow": "title like '%a%a%a%a%a%a%b' and printf('%.*c', 99999999, 'x') <> ''",
        "case": "case when price > 10 then 1 else 0 end = 1 collate nocase -- comment",
    },
    "trec": {
        "run": "q1 Q0 m1 1 0.93 pmatch\nq1 Q0 m2 2 0.5 pmatch\nq2 Q0 a%20b 1 -1e-3 t\n",
        "qrels": "q1 0 m1 1\nq1 0 m2 0\nq2 0 a%20b 3\n",
        "table.csv": "query,item,grade\nq1,m1,1\nq1,m2,0.5\nq2,\"a b\",\n",
    },
    "encode": {
        "words": "Red mug, 12 cm [CLS] [SEP] ##x <|endoftext|>",
        "marks": "e\u0301 \u00e9 \u212b \ufb01 \u1e9b\u0323 \u0345\u0301 \u200d\u200b\u2028",
        "scripts": "猫と犬 ภาษาไทย العربية हिन्दी 👩‍👩‍👧 🇩🇪",
        "bytes": bytes(range(256)),
        "blanks": " \t\r\n   a  b ",
        "long": "a" * 3000 + " 's've're " * 50,
    },
    "preset": {},
    "hdf5_part": {"zeros": bytes(64), "ramp": bytes(range(255)), "plain": bytes([2] * 200), "odd": bytes([7, 4] * 120)},
}


def write(folder, name, content):
    path = SEEDS / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def deep_cmyk(width=9, height=7):
    """A TIFF of four inks with 16 bits each, which Pillow reads and does not write."""
    inks = b"".join(struct.pack("<4H", 7000 * x, 9000 * y, 4500 * (x + y), 4000 * x) for y in range(height)
                    for x in range(width))
    short, long, entries = 3, 4, 10
    bits_at = 8 + 2 + 12 * entries + 4
    tags = [(256, short, 1, width), (257, short, 1, height), (258, short, 4, bits_at), (259, short, 1, 1),
            (262, short, 1, 5), (273, long, 1, bits_at + 8), (277, short, 1, 4), (278, short, 1, height),
            (279, long, 1, len(inks)), (332, short, 1, 1)]
    assert len(tags) == entries
    directory = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (struct.pack("<2sHIH", b"II", 42, 8, entries) + directory + struct.pack("<I4H", 0, 16, 16, 16, 16) + inks)


def samples_tiff(bits, kind, values, big=False):
    """A grey TIFF of one row, of samples that Pillow reads and does not write; or a BigTIFF."""
    short, long, form, offset = 3, 4, "<HHII", 8
    if big:
        form, offset = "<HHQQ", 16
    tags = [(256, short, 1, len(values) * 8 // bits), (257, short, 1, 1), (258, short, 1, bits), (259, short, 1, 1),
            (262, short, 1, 1), (273, long, 1, 0), (277, short, 1, 1), (278, short, 1, 1), (279, long, 1, len(values)),
            (339, short, 1, kind)]
    entry = struct.calcsize(form)
    at = offset + (8 if big else 2) + entry * len(tags) + (8 if big else 4)
    directory = b"".join(struct.pack(form, tag, kind, count, at if tag == 273 else value) for tag, kind, count, value in tags)
    if big:
        head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, offset) + struct.pack("<Q", len(tags))
        return head + directory + struct.pack("<Q", 0) + values
    return struct.pack("<2sHIH", b"II", 42, offset, len(tags)) + directory + struct.pack("<I", 0) + values


def apple_png(width, height):
    """Chunk CgBI, raw deflate, blue, green, red and alpha."""
    rows = b"".join(b"\0" + bytes([40, 20, 10, 200] * width) for _ in range(height))
    packer = zlib.compressobj(wbits=-15)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\x50\0\x20\2")
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", packer.compress(rows) + packer.flush()) + chunk(b"IEND", b""))


def pictures():
    pillow_heif.register_heif_opener()
    picture = Image.linear_gradient("L").resize((9, 7)).convert("RGB")
    rgba = picture.convert("RGBA")
    rgba.putalpha(90)
    for name, image, kind, options in [
            ("rgb.jpg", picture, "JPEG", {}), ("cmyk.jpg", picture.convert("CMYK"), "JPEG", {}),
            ("progressive.jpg", picture, "JPEG", {"progressive": True}), ("rgb.png", picture, "PNG", {}),
            ("rgba.png", rgba, "PNG", {}), ("palette.png", picture.convert("P"), "PNG", {}),
            ("gray16.png", Image.new("I;16", (5, 4), 40000), "PNG", {}), ("rgb.webp", picture, "WEBP", {}),
            ("lossless.webp", rgba, "WEBP", {"lossless": True}), ("rgb.bmp", picture, "BMP", {}),
            ("palette.bmp", picture.convert("P"), "BMP", {}), ("rgb.tiff", picture, "TIFF", {}),
            ("lzw.tiff", rgba, "TIFF", {"compression": "tiff_lzw"}), ("one.tiff", picture.convert("1"), "TIFF", {}),
            ("rgb.ppm", picture, "PPM", {}), ("gray.pgm", picture.convert("L"), "PPM", {}),
            ("palette.gif", picture.convert("P"), "GIF", {}), ("interlaced.gif", picture.convert("L"), "GIF", {"interlace": 1}),
            ("rgb.avif", picture, "AVIF", {}), ("rgba.avif", rgba, "AVIF", {"quality": 100}),
            ("rgb.heic", picture, "HEIF", {}), ("rgba.heic", rgba, "HEIF", {}),
            ("rgb.jp2", picture, "JPEG2000", {}), ("rgba.jp2", rgba, "JPEG2000", {"irreversible": True}),
            ("gray.j2k", picture.convert("L"), "JPEG2000", {"no_jp2": True})]:
        out = io.BytesIO()
        image.save(out, kind, **options)
        write("picture", name, out.getvalue())
    write("picture", "deep_cmyk.tiff", deep_cmyk())
    write("picture", "text.pnm", "P3 # a comment\n2 2 255\n1 2 3 4 5 6 7 8 9 10 11 12\n")
    write("picture", "web.gif", b"GIF89a\1\0\1\0\0\0\0;")
    write("picture", "float.tiff", samples_tiff(32, 3, struct.pack("<4f", 0, 0.5, 1, 0.25)))
    write("picture", "int32.tiff", samples_tiff(32, 2, struct.pack("<3i", -5, 77, 300)))
    write("picture", "12bits.tiff", samples_tiff(12, 1, bytes.fromhex("000fff7ff800")))
    write("picture", "big.tiff", samples_tiff(8, 1, bytes([0, 100, 255]), big=True))
    write("picture", "apple.png", apple_png(9, 7))
    write("picture", "stray.jpg", b"\xef\xbb\xbf\r\n" + (SEEDS / "picture/rgb.jpg").read_bytes())


def tokenizers():
    bert = Tokenizer(models.WordPiece({w: i for i, w in enumerate(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "red", "mug", "##s", "##a", "r", "##e", "##d", ",", "12", "cm"])},
        unk_token="[UNK]"))
    bert.normalizer, bert.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    bert.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    bert.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    bpe = Tokenizer(models.BPE())
    bpe.normalizer = normalizers.NFC()
    bpe.pre_tokenizer, bpe.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(WORDS, trainers.BpeTrainer(vocab_size=290, initial_alphabet=alphabet, show_progress=False,
                                                       special_tokens=["<|endoftext|>"]))
    bpe.post_processor = processors.ByteLevel(trim_offsets=False)
    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram.train_from_iterator(WORDS, trainers.UnigramTrainer(vocab_size=60, unk_token="<unk>", show_progress=False,
                                                               special_tokens=["<unk>", "</s>"]))
    unigram.post_processor = processors.TemplateProcessing("$A </s>", None, [("</s>", 1)])
    for name, tokenizer in [("wordpiece", bert), ("bpe", bpe), ("unigram", unigram)]:
        write("tokenizer_json", f"{name}.json", tokenizer.to_str())


def main():
    packages, collection = map(pathlib.Path, sys.argv[1:])
    for folder, files in TEXTS.items():
        for name, content in files.items():
            write(folder, name, content)
    for preset in (SEEDS.parents[2] / "presets").glob("*.jsonc"):
        write("preset", preset.name, preset.read_bytes())
    for package in sorted(packages.iterdir()):
        content = json.loads((package / "model.json").read_text())
        content.pop("checksum", None)
        content["golden"] = []
        write("model_json", f"{package.name}.json", json.dumps(content))
    content = json.loads((collection / "collection.json").read_text())
    for space in content["spaces"].values():
        space["package"] = "packages/text"
    content["items"]["image_root"] = "shop"
    write("manifest", "collection.json", json.dumps(content))
    for index in (collection / "indexes").glob("*.bm25"):
        write("bm25", index.name, index.read_bytes())
    pictures()
    tokenizers()


if __name__ == "__main__":
    main()
