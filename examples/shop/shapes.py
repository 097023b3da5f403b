"""The ten kinds of product. Each function paints one product from its `look`, a dictionary:
a, b: colours; pattern: of b on a; other keys are details of the kind."""

import numpy as np

from canvas import Sheet, blur, box, ellipse, line, polygon, smooth

INK, STEEL, BRASS, WOOD, LEATHER = "#26262a", "#b9bec4", "#c19a4b", "#b98a56", "#8a5a34"


def mug(s: Sheet, a, b=None, pattern=None, tall=False, rim=None, motif=None, inside=None, square=False):
    top, left, right = (0.16, 0.25, 0.62) if tall else (0.27, 0.17, 0.67)
    middle, half = (left + right) / 2, (right - left) / 2
    bottom = 0.86
    ring = line(0.05, *smooth((right - 0.02, top + 0.12), (right + 0.15, top + 0.14),
                              (right + 0.18, (top + bottom) / 2), (right + 0.12, bottom - 0.2),
                              (right - 0.02, bottom - 0.17), closed=False))
    if square:
        ring = line(0.045, (right - 0.02, top + 0.14), (right + 0.15, top + 0.14),
                    (right + 0.15, bottom - 0.18), (right - 0.02, bottom - 0.18))
    s.paint(ring, a, depth=0.02, gloss=0.5)
    body = np.maximum(box(left, top, right, bottom - 0.05), ellipse(middle, bottom - 0.05, half, 0.055))
    s.paint(body, a, b, pattern, shade="tube", gloss=0.28, grain=0.012)
    if motif:
        _motif(s, motif, middle - 0.03, (top + bottom) / 2 + 0.02, 0.13, b)
    s.paint(ellipse(middle, top, half, 0.06), rim or a, shade="flat")
    s.paint(ellipse(middle, top + 0.006, half - 0.018, 0.046), inside or "#efeae2", shade="pipe", grain=0.01)


def _motif(s, name, x, y, r, colour):
    if name == "heart":
        mask = polygon(*smooth((x, y - r * 0.4), (x + r * 0.5, y - r * 0.8), (x + r, y - r * 0.2),
                               (x, y + r), (x - r, y - r * 0.2), (x - r * 0.5, y - r * 0.8)))
    elif name == "star":
        mask = polygon(*[(x + np.sin(k * np.pi / 5) * r * (1, 0.42)[k % 2],
                          y - np.cos(k * np.pi / 5) * r * (1, 0.42)[k % 2]) for k in range(10)])
    elif name == "mountain":
        mask = np.maximum(polygon((x - r, y + r * 0.6), (x - r * 0.2, y - r * 0.8), (x + r * 0.5, y + r * 0.6)),
                          polygon((x - r * 0.1, y + r * 0.6), (x + r * 0.5, y - r * 0.3), (x + r * 1.1, y + r * 0.6)))
    elif name == "sun":
        mask = np.maximum(ellipse(x, y, r * 0.6, r * 0.6), np.maximum.reduce(
            [line(0.014, (x + np.cos(t) * r * 0.75, y + np.sin(t) * r * 0.75),
                  (x + np.cos(t) * r, y + np.sin(t) * r)) for t in np.arange(0, 6.28, 0.524)]))
    elif name == "wave":
        mask = np.maximum.reduce([line(0.018, *[(x - r + i * r / 15, y + k * 0.05 + 0.018 * np.sin(i * 0.8))
                                                for i in range(31)]) for k in (-1, 0, 1)])
    else:
        mask = ellipse(x, y, r, r)
    s.paint(mask, colour, shade="flat", grain=0.02)


def tshirt(s: Sheet, a, b=None, pattern=None, neck="crew", pocket=None, sleeves=None, motif=None, long=False):
    cuff = 0.72 if long else 0.42
    out = 0.03 if not long else 0.07
    left = polygon(*smooth((0.33, 0.13), (0.22, 0.18), (out, cuff - 0.05), (out + 0.13, cuff + 0.02), (0.29, 0.36)))
    right = polygon(*[(1 - x, y) for x, y in smooth((0.33, 0.13), (0.22, 0.18), (out, cuff - 0.05),
                                                    (out + 0.13, cuff + 0.02), (0.29, 0.36))])
    for sleeve in (left, right):
        s.paint(sleeve, sleeves or a, b, None if sleeves else pattern, depth=0.035, grain=0.05)
    body = polygon((0.36, 0.11), (0.64, 0.11), (0.75, 0.15), (0.72, 0.42), (0.74, 0.92), (0.6, 0.945),
                   (0.4, 0.945), (0.26, 0.92), (0.28, 0.42), (0.25, 0.15))
    s.paint(body, a, b, pattern, depth=0.05, grain=0.055, lift=0.35)
    for x, lean in ((0.36, 0.02), (0.52, -0.03), (0.63, 0.01)):  # folds
        s.paint(line(0.02, (x, 0.55), (x + lean, 0.9)) * 0.16, INK, shade="flat")
    collar = ellipse(0.5, 0.105, 0.135, 0.085) if neck == "crew" else polygon((0.36, 0.09), (0.64, 0.09), (0.5, 0.29))
    inner = ellipse(0.5, 0.1, 0.11, 0.062) if neck == "crew" else polygon((0.39, 0.09), (0.61, 0.09), (0.5, 0.245))
    s.paint(collar, sleeves or a, shade="puff", depth=0.015)
    s.paint(inner, "#8d8a86", shade="flat")
    s.cut(box(0.3, 0, 0.7, 0.085))
    if pocket:
        s.paint(box(0.56, 0.33, 0.68, 0.47, 0.01), pocket, depth=0.008, grain=0.05, lift=0.5)
    if motif:
        _motif(s, motif, 0.5, 0.45, 0.13, b)


def sneaker(s: Sheet, a, b, sole="#f1efe9", high=False, stripe=None, laces="#f4f2ee", pattern=None, chunky=False):
    top = 0.18 if high else 0.34
    upper = polygon(*smooth((0.06, 0.70), (0.075, 0.52), (0.08, top + 0.06), (0.16, top + 0.02), (0.27, top + 0.07),
                            (0.38, top + 0.10), (0.55, 0.50), (0.72, 0.57), (0.88, 0.61), (0.95, 0.70),
                            (0.93, 0.77), (0.5, 0.78), (0.08, 0.77)))
    s.paint(upper, a, b, pattern, depth=0.045, grain=0.05)
    hole = polygon(*smooth((0.10, top + 0.06), (0.17, top + 0.035), (0.26, top + 0.08), (0.36, top + 0.12), (0.2, top + 0.13)))
    s.paint(hole, INK, shade="flat")
    s.paint(polygon(*smooth((0.72, 0.58), (0.88, 0.61), (0.95, 0.7), (0.93, 0.77), (0.74, 0.77), (0.69, 0.68))) * upper,
            b if b else a, depth=0.03, lift=0.3)
    s.paint(polygon(*smooth((0.06, 0.77), (0.07, 0.58), (0.13, 0.56), (0.2, 0.65), (0.21, 0.77))) * upper, b or a, depth=0.02)
    if stripe == "three":
        for x in (0.33, 0.41, 0.49):
            s.paint(line(0.03, (x, 0.74), (x + 0.09, 0.56)) * upper, b, depth=0.006)
    elif stripe == "wave":
        s.paint(line(0.035, *smooth((0.2, 0.6), (0.32, 0.71), (0.46, 0.66), (0.63, 0.6), closed=False)) * upper, b, depth=0.008)
    elif stripe == "patch":
        s.paint(ellipse(0.2, 0.42 if high else 0.5, 0.055, 0.055), b, shade="flat")
        _motif(s, "star", 0.2, 0.42 if high else 0.5, 0.04, a)
    for k in range(6 if high else 4):
        y = (0.56 if high else 0.575) - 0.055 * k
        x = 0.63 - 0.065 * k
        s.paint(line(0.022, (x - 0.075, y + 0.045), (x + 0.045, y - 0.02)), laces, depth=0.008, lift=0.5)
    base = 0.87 if chunky else 0.84
    foot = polygon(*smooth((0.04, 0.755), (0.5, 0.77), (0.955, 0.735), (0.975, 0.79), (0.93, base), (0.5, base + 0.01), (0.06, base)))
    s.paint(foot, sole, shade="pipe", grain=0.02)
    s.paint(line(0.008, (0.06, 0.805), (0.5, 0.815), (0.95, 0.79)), b or a, shade="flat")


def lamp(s: Sheet, a, b=None, pattern=None, stem=BRASS, base="disc", shade="cone", glow=True):
    if base == "tripod":
        for x in (0.28, 0.52, 0.72):
            s.paint(line(0.028, (0.5, 0.5), (x, 0.93)), stem, shade="tube", grain=0.05)
    elif base == "ball":
        s.paint(ellipse(0.5, 0.74, 0.15, 0.15), stem, depth=0.07, gloss=0.5)
        s.paint(box(0.42, 0.87, 0.58, 0.92, 0.02), stem, shade="tube")
        s.paint(box(0.485, 0.46, 0.515, 0.62), BRASS, shade="tube", gloss=0.3)
    elif base == "arm":
        s.paint(line(0.026, (0.66, 0.9), (0.8, 0.62), (0.52, 0.34)), stem, depth=0.012, gloss=0.4)
        s.paint(ellipse(0.8, 0.62, 0.03, 0.03), INK, depth=0.01)
        s.paint(ellipse(0.64, 0.91, 0.17, 0.04), stem, shade="tube", gloss=0.2)
    else:
        s.paint(box(0.486, 0.46, 0.514, 0.88), stem, shade="tube", gloss=0.35)
        s.paint(ellipse(0.5, 0.89, 0.17, 0.045), stem, shade="tube", gloss=0.25)
    if base == "arm":
        head = polygon((0.46, 0.24), (0.6, 0.34), (0.47, 0.62), (0.14, 0.4))
        s.paint(head, a, b, pattern, depth=0.05, gloss=0.35)
        s.paint(line(0.03, (0.14, 0.4), (0.47, 0.62)), "#ffe9b0", depth=0.01)
        return
    if shade == "drum":
        head = np.maximum(box(0.22, 0.14, 0.78, 0.5), ellipse(0.5, 0.5, 0.28, 0.035))
    elif shade == "globe":
        head = ellipse(0.5, 0.32, 0.23, 0.23)
    else:
        head = np.maximum(polygon((0.37, 0.12), (0.63, 0.12), (0.83, 0.5), (0.17, 0.5)), ellipse(0.5, 0.5, 0.33, 0.04))
    s.paint(head, a, b, pattern, shade="puff" if shade == "globe" else "tube", depth=0.08, grain=0.03,
            gloss=0.5 if shade == "globe" else 0.0)
    if glow:
        s.paint(blur(ellipse(0.5, 0.4, 0.16, 0.1), 0.06) * head * 0.4, "#fff3cf", shade="flat")
    if shade != "globe":
        s.paint(ellipse(0.5, 0.125, 0.13 if shade == "cone" else 0.28, 0.02), "#6f665a", shade="flat")


def backpack(s: Sheet, a, b, pattern=None, flap=False, straps=None, pocket="big", roll=False, patch=None):
    strap = straps or b
    for side in (-1, 1):
        s.paint(line(0.05, (0.5 + side * 0.2, 0.22), (0.5 + side * 0.335, 0.42), (0.5 + side * 0.32, 0.8)), strap, depth=0.018)
    s.paint(line(0.028, *smooth((0.42, 0.13), (0.44, 0.05), (0.56, 0.05), (0.58, 0.13), closed=False)), strap, depth=0.012)
    top = 0.16 if roll else 0.1
    body = polygon(*smooth((0.24, 0.88), (0.21, 0.5), (0.25, top + 0.12), (0.36, top + 0.01), (0.5, top - 0.01), (0.64, top + 0.01),
                           (0.75, top + 0.12), (0.79, 0.5), (0.76, 0.88), (0.5, 0.92)))
    s.paint(body, a, b, pattern, depth=0.07, grain=0.055)
    if roll:
        s.paint(box(0.25, 0.1, 0.75, 0.24, 0.05), a, shade="pipe", grain=0.05)
        s.paint(box(0.47, 0.1, 0.52, 0.5), strap, depth=0.01, lift=0.4)
    else:
        s.paint(line(0.01, *smooth((0.27, 0.45), (0.3, 0.2), (0.5, 0.15), (0.7, 0.2), (0.73, 0.45), closed=False)), INK, shade="flat")
    if pocket == "big":
        s.paint(box(0.28, 0.54, 0.72, 0.87, 0.06), a, b, pattern, depth=0.03, grain=0.05, lift=0.7)
        s.paint(line(0.012, (0.31, 0.6), (0.69, 0.6)), INK, shade="flat")
        s.paint(box(0.655, 0.595, 0.67, 0.66), STEEL, depth=0.005)
    elif pocket == "two":
        for x in (0.27, 0.515):
            s.paint(box(x, 0.58, x + 0.215, 0.86, 0.03), b, depth=0.025, grain=0.05, lift=0.7)
    if flap:
        s.paint(polygon(*smooth((0.22, 0.3), (0.3, 0.1), (0.5, 0.08), (0.7, 0.1), (0.78, 0.3), (0.73, 0.52), (0.5, 0.57), (0.27, 0.52))),
                a, b, pattern, depth=0.05, grain=0.05, lift=0.8)
        for x in (0.37, 0.6):
            s.paint(box(x, 0.42, x + 0.035, 0.68), strap, depth=0.01, lift=0.5)
            s.paint(box(x - 0.008, 0.6, x + 0.043, 0.64), BRASS, depth=0.005, gloss=0.4)
    if patch:
        s.paint(box(0.43, 0.4, 0.57, 0.48, 0.01), patch, depth=0.006, lift=0.4)


def bottle(s: Sheet, a, b=None, pattern=None, cap=STEEL, capshape="screw", wide=False, clear=False, sleeve=None, motif=None):
    half = 0.17 if wide else 0.13
    neck = 0.09 if wide else 0.07
    body = polygon(*([(0.5 - neck, 0.24)] + smooth((0.5 - neck, 0.25), (0.5 - half * 0.9, 0.33), (0.5 - half, 0.42), (0.5 - half, 0.6),
                                                  (0.5 - half, 0.9), (0.5 - half * 0.85, 0.935), closed=False)
                     + smooth((0.5 + half * 0.85, 0.935), (0.5 + half, 0.9), (0.5 + half, 0.6), (0.5 + half, 0.42),
                              (0.5 + half * 0.9, 0.33), (0.5 + neck, 0.25), closed=False)))
    s.paint(body, a, b, pattern, shade="tube", gloss=0.5 if clear or a == STEEL else 0.22, grain=0.012)
    if clear:
        s.paint(box(0.5 - half + 0.02, 0.46, 0.5 + half - 0.02, 0.92, 0.02) * 0.45, "#9fc4d4", shade="tube", gloss=0.3)
    if sleeve:
        s.paint(box(0.5 - half - 0.006, 0.5, 0.5 + half + 0.006, 0.86, 0.012), sleeve, shade="tube", grain=0.04)
    if motif:
        _motif(s, motif, 0.49, 0.63, half * 0.55, b)
    if capshape == "loop":
        s.paint(line(0.024, *smooth((0.45, 0.15), (0.44, 0.05), (0.56, 0.05), (0.55, 0.15), closed=False)), cap, depth=0.012)
        s.paint(box(0.5 - neck - 0.01, 0.14, 0.5 + neck + 0.01, 0.25, 0.015), cap, shade="tube", gloss=0.2)
    elif capshape == "straw":
        s.paint(line(0.036, (0.5, 0.14), (0.56, 0.07), (0.64, 0.07)), "#dcdad6", depth=0.012)
        s.paint(box(0.5 - neck - 0.015, 0.13, 0.5 + neck + 0.015, 0.25, 0.02), cap, shade="tube", gloss=0.2)
    else:
        s.paint(box(0.5 - neck - 0.004, 0.1, 0.5 + neck + 0.004, 0.25, 0.012), cap, shade="tube", gloss=0.3, grain=0.05)


def headphones(s: Sheet, a, b, pads=INK, thin=False, ear="round", ring=None, mic=False):
    arc = smooth((0.2, 0.6), (0.19, 0.36), (0.32, 0.16), (0.5, 0.1), (0.68, 0.16), (0.81, 0.36), (0.8, 0.6), closed=False)
    s.paint(line(0.035 if thin else 0.07, *arc), b, depth=0.02, gloss=0.3)
    if not thin:
        s.paint(line(0.04, *[(0.5 + (x - 0.5) * 0.88, 0.05 + y * 0.95) for x, y in arc[20:-20]]), pads, depth=0.015)
    for side in (-1, 1):
        x = 0.5 + side * 0.3
        rx, ry = (0.1, 0.175) if ear == "round" else (0.085, 0.13)
        s.paint(ellipse(x - side * 0.06, 0.66, rx * 0.8, ry), pads, depth=0.03, grain=0.04)
        cup = ellipse(x + side * 0.02, 0.66, rx, ry) if ear != "square" else box(x + side * 0.02 - rx, 0.5, x + side * 0.02 + rx, 0.83, 0.05)
        s.paint(cup, a, depth=0.045, gloss=0.35, lift=0.5, grain=0.015)
        s.paint(ellipse(x + side * 0.03, 0.66, rx * 0.62, ry * 0.66), ring or a, depth=0.02, gloss=0.2)
        s.paint(ellipse(x + side * 0.03, 0.66, rx * 0.48, ry * 0.52), a, depth=0.015)
    if mic:
        s.paint(line(0.018, *smooth((0.18, 0.78), (0.22, 0.9), (0.36, 0.93), (0.44, 0.9), closed=False)), INK, depth=0.008)
        s.paint(ellipse(0.45, 0.895, 0.035, 0.024), INK, depth=0.01)


def chair(s: Sheet, a, b=None, pattern=None, legs=WOOD, back="solid", arms=False, swivel=False, seat=None):
    seat = seat or a
    if swivel:
        s.paint(box(0.48, 0.62, 0.52, 0.84), STEEL, shade="tube", gloss=0.4)
        for x in (0.24, 0.4, 0.6, 0.76):
            s.paint(line(0.03, (0.5, 0.83), (x, 0.9)), legs, depth=0.012)
            s.paint(ellipse(x, 0.925, 0.028, 0.028), INK, depth=0.01)
    else:
        for x, y, lean in ((0.3, 0.88, 0.04), (0.7, 0.88, -0.04), (0.24, 0.95, 0.04), (0.76, 0.95, -0.04)):
            s.paint(line(0.03, (x + lean, 0.6), (x, y)), legs, shade="tube", grain=0.05)
    if back == "spindle":
        for x in np.linspace(0.3, 0.7, 6):
            s.paint(line(0.018, (0.5 + (x - 0.5) * 0.95, 0.58), (x, 0.16)), a, shade="tube", grain=0.05)
        s.paint(line(0.05, *smooth((0.25, 0.2), (0.35, 0.13), (0.65, 0.13), (0.75, 0.2), closed=False)), a, depth=0.02, grain=0.05)
    elif back == "slats":
        for x in (0.27, 0.73):
            s.paint(line(0.035, (x, 0.6), (x, 0.1)), a, shade="tube", grain=0.05)
        for y in (0.17, 0.3, 0.43):
            s.paint(box(0.27, y, 0.73, y + 0.07, 0.02), a, depth=0.015, grain=0.05)
    elif back == "wing":
        s.paint(polygon(*smooth((0.2, 0.62), (0.15, 0.3), (0.24, 0.09), (0.5, 0.06), (0.76, 0.09), (0.85, 0.3), (0.8, 0.62))),
                a, b, pattern, depth=0.06, grain=0.06)
        for x in (0.4, 0.5, 0.6):
            for y in (0.22, 0.36):
                s.paint(ellipse(x, y, 0.012, 0.012), INK, shade="flat")
    else:
        s.paint(box(0.25, 0.1, 0.75, 0.6, 0.1), a, b, pattern, depth=0.05, grain=0.05)
    cushion = polygon(*smooth((0.22, 0.58), (0.5, 0.55), (0.78, 0.58), (0.83, 0.66), (0.5, 0.72), (0.17, 0.66)))
    s.paint(cushion, seat, b, pattern, depth=0.035, grain=0.05, lift=0.6)
    if arms:
        for side in (-1, 1):
            s.paint(line(0.05, (0.5 + side * 0.33, 0.63), (0.5 + side * 0.36, 0.43), (0.5 + side * 0.29, 0.42)), legs if swivel else a, depth=0.02)


def watch(s: Sheet, a, b, strap, case=STEEL, square=False, chrono=False, links=False, digital=False, hands=None):
    s.paint(polygon((0.4, 0.0), (0.6, 0.0), (0.63, 0.3), (0.63, 0.7), (0.6, 1.0), (0.4, 1.0), (0.37, 0.7), (0.37, 0.3)),
            strap, shade="tube", grain=0.05)
    if links:
        for y in np.arange(0.02, 1, 0.05):
            s.paint(box(0.36, y, 0.64, y + 0.008), "#5b5f66", shade="flat")
        for x in (0.45, 0.54):
            s.paint(box(x, 0, x + 0.008, 1), "#6b6f76", shade="flat")
    else:
        for y in (0.1, 0.16, 0.84, 0.9, 0.95):
            s.paint(ellipse(0.5, y, 0.012, 0.012), INK, shade="flat")
    s.paint(box(0.76, 0.47, 0.81, 0.53, 0.01), case, shade="pipe", gloss=0.4)
    outer = box(0.23, 0.25, 0.77, 0.75, 0.09) if square else ellipse(0.5, 0.5, 0.28, 0.28)
    dial = box(0.28, 0.3, 0.72, 0.7, 0.05) if square else ellipse(0.5, 0.5, 0.235, 0.235)
    s.paint(outer, case, depth=0.03, gloss=0.6, lift=0.6, grain=0.01)
    s.paint(dial, a, shade="flat", grain=0.02)
    if digital:
        s.paint(box(0.33, 0.41, 0.67, 0.6, 0.02), "#b9c4ae", shade="flat")
        for x in (0.37, 0.45, 0.54, 0.62):
            s.paint(np.maximum(line(0.014, (x - 0.02, 0.45), (x + 0.02, 0.45), (x + 0.02, 0.56)), line(0.014, (x - 0.02, 0.505), (x + 0.02, 0.505))), INK, shade="flat")
        return
    for k in range(12):
        t, r0, r1 = k * np.pi / 6, (0.18 if k % 3 else 0.165), 0.21
        s.paint(line(0.012 if k % 3 else 0.018, (0.5 + np.sin(t) * r0, 0.5 - np.cos(t) * r0), (0.5 + np.sin(t) * r1, 0.5 - np.cos(t) * r1)), b, shade="flat")
    if chrono:
        for x, y in ((0.41, 0.5), (0.59, 0.5), (0.5, 0.61)):
            s.paint(ellipse(x, y, 0.058, 0.058), b, shade="flat")
            s.paint(ellipse(x, y, 0.048, 0.048), a, shade="flat")
            s.paint(line(0.007, (x, y), (x + 0.02, y - 0.03)), b, shade="flat")
    tip = hands or b
    s.paint(line(0.022, (0.5, 0.5), (0.42, 0.41)), tip, depth=0.006, lift=0.5)
    s.paint(line(0.015, (0.5, 0.5), (0.6, 0.36)), tip, depth=0.006, lift=0.5)
    s.paint(line(0.006, (0.48, 0.58), (0.54, 0.32)), "#c0392b", shade="flat")
    s.paint(ellipse(0.5, 0.5, 0.016, 0.016), tip, depth=0.006)


def umbrella(s: Sheet, a, b=None, pattern=None, handle=WOOD, hook=True, clear=False, trim=None, ribs=6):
    s.paint(box(0.492, 0.1, 0.508, 0.8), STEEL, shade="tube", gloss=0.3)
    if hook:
        s.paint(line(0.032, *smooth((0.5, 0.72), (0.5, 0.88), (0.545, 0.94), (0.6, 0.93), (0.615, 0.86), closed=False)), handle, depth=0.014, gloss=0.2)
    else:
        s.paint(box(0.478, 0.74, 0.522, 0.92, 0.018), handle, shade="tube")
    dome = polygon(*smooth((0.04, 0.52), (0.1, 0.32), (0.28, 0.15), (0.5, 0.1), (0.72, 0.15), (0.9, 0.32), (0.96, 0.52), closed=False))
    edge = np.zeros_like(dome)
    step = 0.92 / ribs
    for k in range(ribs):
        edge = np.maximum(edge, ellipse(0.04 + step * (k + 0.5), 0.53, step * 0.47, 0.05))
    canopy = dome * (1 - edge)
    u = (np.arcsin(np.clip((np.linspace(0, 1, dome.shape[1]) - 0.5) * 2.1, -1, 1)) * 0.35)[None, :] * np.ones_like(dome)
    s.paint(canopy * (0.55 if clear else 1), a, b, pattern, depth=0.09, gloss=0.25 if clear else 0.05, u=u.astype(np.float32), grain=0.02)
    for k in range(1, ribs):
        x = 0.04 + step * k
        curve = smooth((0.5, 0.1), (0.5 + (x - 0.5) * 0.66, 0.24), (x, 0.51), closed=False)
        s.paint(line(0.006, *curve) * canopy * 0.6, INK, shade="flat")
    if trim:
        band = canopy * (1 - np.roll(canopy, -int(0.035 * canopy.shape[0]), 0))
        s.paint(band * (np.arange(canopy.shape[0])[:, None] > 0.3 * canopy.shape[0]), trim, shade="flat")
    s.paint(line(0.014, (0.5, 0.05), (0.5, 0.11)), STEEL, depth=0.006)


KINDS = {f.__name__: f for f in (mug, tshirt, sneaker, lamp, backpack, bottle, headphones, chair, watch, umbrella)}
