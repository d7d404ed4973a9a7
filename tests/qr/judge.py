"""Reads a folder's pictures with readers that are not ours; a line of JSON for each: {file: [texts]} an engine."""
import io
import json
import sys
from pathlib import Path

import cairosvg
import cv2
import numpy
import zxingcpp
from PIL import Image


def picture(path):
    source = path if path.suffix != ".svg" else io.BytesIO(cairosvg.svg2png(url=str(path)))
    image = Image.open(source)
    if image.mode.startswith("I"):
        image = Image.fromarray((numpy.asarray(image, dtype=numpy.uint32) >> 8).astype(numpy.uint8))
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return numpy.asarray(Image.alpha_composite(ground, image).convert("L"))


def zxing(grey):
    return [code.text for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)]


def opencv(grey):
    found, texts, *_ = cv2.QRCodeDetector().detectAndDecodeMulti(grey)
    return [text for text in texts if text] if found else []


def attempt(engine, grey):
    try:
        return engine(grey)
    except Exception:  # a reader that gives up has read nothing
        return []


engines = {"zxing-cpp": zxing, "OpenCV": opencv}
answers = {name: {} for name in engines}
for path in sorted(Path(sys.argv[1]).iterdir()):
    grey = picture(path)
    for name, engine in engines.items():
        answers[name][path.name] = attempt(engine, grey)
json.dump(answers, sys.stdout)
