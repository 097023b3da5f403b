"""A catalog as the field has them, made from a seed: what is in it, and what must become of each row."""
import csv
import io
import random

COLUMNS = ["id", "title", "description", "size", "brand"]
WORDS = ["mug", "Lampe", "größe", "кружка", "水杯", "Cafe\u0301", "soft\u00adhyphen", "🧦", "<b>bold</b>", "&amp;",
         "NULL", "N/A", "#REF!", "=SUM(A1)", "12\" shelf", "'quoted'", "C:\\dir", "a|b", "\u200bzero", "x" * 300, "-", "id",
         "title", "1,299.00 €", "12,5 cm", "tab\there", "semi;colon", "“curly”", "\u2028line", "null\\0", "%20", "\ufeffmark"]


class Filth:
    """`text` as bytes; `items`: id -> cells; `ledger`: (item, code) in order; `lines`: by code, those that are lost."""

    def __init__(self, rows, seed):
        self.random = random.Random(seed)
        self.out = bytearray()
        self.line = 1
        self.items, self.ledger, self.lines = {}, [], {}
        self.headers = 0
        self.put(",".join(COLUMNS).encode(), b"\r\n")
        kinds = [self.good] * 180 + [self.too_few, self.too_many, self.latin1, self.nul_byte, self.no_id, self.separators,
                                     self.repeated, self.behind_quote, self.header, self.blank_line, self.reordered]
        self.good(0)
        for number in range(1, rows):
            self.random.choice(kinds)(number)
            if number % (rows // 20) == 0:
                self.open_quote(number)

    def put(self, row, end=None):
        # A lone CR is a line end, too; what follows is never a line feed.
        end = end or self.random.choice([b"\n", b"\n", b"\r\n", b"\r"])
        self.out += row + end
        self.line += row.count(b"\n") + 1

    def cell(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randrange(0, 5)))

    def size(self):
        return self.random.choice(["S", "XXL", "", "one size", "n/a", " M "])

    def cells(self, number):
        description = self.cell() + self.random.choice(["", "", "", "\nsecond line", "\r\n\r\nthird, \"line\"", ' "q"'])
        return [f"i{number}", f"{number} {self.cell()}", description, self.size(), self.cell()]

    def written(self, cells):
        """As a CSV writer has it, or only with the quotes that are needed."""
        text = io.StringIO()
        style = self.random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        csv.writer(text, lineterminator="\r\n", quoting=style).writerow(cells)
        return text.getvalue().encode()[:-2]

    def plain(self, number):
        """Without a quote, a line end or a separator inside."""
        return [f"i{number}", f"plain {number}", "text", "M", "brand"]

    def lost(self, item, code, lines=1):
        self.ledger.append((item, code))
        self.lines[code] = self.lines.get(code, 0) + lines

    def good(self, number):
        cells = self.cells(number)
        self.items[cells[0]] = cells[1:]
        self.put(self.written(cells))

    def too_few(self, number):
        self.lost(f"i{number}", "too_few_cells")
        self.put(",".join(self.plain(number)[:3]).encode())

    def too_many(self, number):
        self.lost(f"i{number}", "too_many_cells")
        self.put(",".join([*self.plain(number), "a comma", " too many"]).encode())

    def latin1(self, number):
        self.lost(f"i{number}", "invalid_utf8")
        self.put(",".join(self.plain(number)).replace("text", "größe").encode("latin-1"))

    def nul_byte(self, number):
        self.lost(f"i{number}", "invalid_utf8")
        self.put(",".join(self.plain(number)).replace("text", "te\0xt").encode())

    def no_id(self, number):
        self.lost(f"line {self.line}", "empty_id")
        self.put(",".join(["", *self.plain(number)[1:]]).encode())

    def separators(self, number):
        self.lost(f"line {self.line}", "empty_id")
        self.put(b"," * self.random.choice([1, 4, 4, 9]))

    def repeated(self, number):
        """The first record of an id is kept, as it is."""
        item = self.random.choice(list(self.items)[-50:])
        self.lost(item, "duplicate_id")
        self.put(self.written([item, *self.cells(number)[1:]]))

    def behind_quote(self, number):
        self.lost(f"i{number}", "bad_quotes")
        self.put(f'i{number},"12" shelf",text,M,brand'.encode())

    def open_quote(self, number):
        """It ends at the next quote, rows further down, and takes these with it."""
        taken = self.random.randrange(1, 40)
        self.lost(f"o{number}", "bad_quotes", taken + 2)
        self.put(f'o{number},"open,text,M,brand'.encode(), b"\n")
        for more in range(taken):
            self.put(",".join(self.plain(f"{number}-{more}")).encode(), b"\n")
        self.put(f'c{number},"closed",text,M,brand'.encode(), b"\n")

    def header(self, number):
        self.headers += 1
        self.put(",".join(COLUMNS).encode())

    def reordered(self, number):
        """A page of the export with its columns in another order, and the next one as before."""
        cells = dict(zip(COLUMNS, self.plain(number)))
        self.items[cells["id"]] = [cells[name] for name in COLUMNS[1:]]
        order = self.random.sample(COLUMNS, len(COLUMNS))
        self.put(",".join(order).encode())
        self.put(",".join(cells[name] for name in order).encode())
        self.header(number)
        self.headers += 1

    def blank_line(self, number):
        self.put(b"", b"\r\n")
