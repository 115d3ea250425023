"""Writes the reference files of this folder: pictures that Pillow made, what Pillow reads of them, resizes them to, and what Transformers' steps make of them.

Needs Pillow (9.4 made them) and NumPy. `files/` holds the pictures, `decoded.json` their pixels after exif_transpose and convert("RGB"), `resized.json` the bytes of
Image.resize, `processed.json` pixel_values by the steps of Transformers' image processors (resize, centre crop, rescale, normalise), written out below with NumPy.
"""
import base64, hashlib, io, json, math, os, struct, zlib
import numpy as np
from PIL import Image, ImageOps

here = os.path.dirname(os.path.abspath(__file__))
files = os.path.join(here, "files")
os.makedirs(files, exist_ok=True)


def picture(width, height, seed=0):
    """Smooth colours with an edge and some noise: what filters, clipping and chroma subsampling each change."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    random = np.random.RandomState(seed)
    planes = [127 + 120 * np.sin(x / (3 + k) + y / (5 - k)) for k in range(3)]
    pixels = np.stack(planes, axis=2) + random.uniform(-25, 25, (height, width, 3))
    pixels[(x + 2 * y) > (width + 2 * height) / 2] = 255 - pixels[(x + 2 * y) > (width + 2 * height) / 2]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")


def write_json(name, value):
    with open(os.path.join(here, name), "w") as out:
        json.dump(value, out, indent=1)
        out.write("\n")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, extra=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    data = b"".join(b"\0" + row for row in rows)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + extra + png_chunk(b"IDAT", zlib.compress(data)) + png_chunk(b"IEND", b"")


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def save(name, image, **options):
    out = io.BytesIO()
    image.save(out, os.path.splitext(name)[1][1:].replace("jpg", "jpeg"), **options)
    raw(name, out.getvalue())


def raw(name, data):
    with open(os.path.join(files, name), "wb") as out:
        out.write(data)


base = picture(19, 13)
alpha = Image.fromarray((np.arange(13 * 19) % 256).astype(np.uint8).reshape(13, 19), "L")
save("rgb.png", base)
save("grey.png", base.convert("L"))
save("bits.png", base.convert("1"))
save("palette.png", base.quantize(16))
save("palette-transparent.png", base.quantize(16), transparency=3)
save("grey-alpha.png", Image.merge("LA", (base.convert("L"), alpha)))
save("rgba.png", Image.merge("RGBA", (*base.split(), alpha)))
save("rgb-key.png", base, transparency=base.getpixel((0, 0)))
save("exif6.png", base, exif=exif(6))
save("one.png", picture(1, 1))
save("wide.png", picture(97, 1))
values = np.array(base, dtype=np.uint16) * 257 - np.arange(13 * 19 * 3).reshape(13, 19, 3) % 200
raw("rgb16.png", png(19, 13, 16, 2, [row.astype(">u2").tobytes() for row in values]))
raw("grey16.png", png(19, 13, 16, 0, [row[:, 0].astype(">u2").tobytes() for row in values]))
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
raw("interlaced.png", png(19, 13, 8, 2, [row.tobytes() for x, y, dx, dy in passes for row in np.array(base)[y::dy, x::dx]], interlaced=1))
raw("grey2.png", png(8, 2, 2, 0, [b"\x1b\x1b", b"\xe4\xe4"]))
raw("gamma.png", png(19, 13, 8, 2, [np.array(base)[y].tobytes() for y in range(13)], png_chunk(b"gAMA", struct.pack(">I", 100000))))
save("animated.png", base, save_all=True, append_images=[picture(19, 13, 5)])

photo = picture(37, 29)
save("420.jpg", photo, quality=80)
save("444.jpg", photo, quality=90, subsampling=0)
save("422.jpg", photo, quality=90, subsampling=1)
save("grey.jpg", photo.convert("L"), quality=90)
save("progressive.jpg", photo, quality=85, progressive=True)
save("cmyk.jpg", photo.convert("CMYK"), quality=90)
for orientation in range(1, 9):
    save(f"exif{orientation}.jpg", photo, quality=90, exif=exif(orientation))

save("lossless.webp", base, lossless=True)
save("lossy.webp", photo, quality=80)
save("alpha.webp", Image.merge("RGBA", (*base.split(), alpha)), lossless=True, exact=True)
save("exif8.webp", photo, lossless=True, exif=exif(8))
save("animated.webp", base, save_all=True, append_images=[picture(19, 13, 5)], lossless=True)
save("animated.gif", base.quantize(16), save_all=True, append_images=[picture(19, 13, 5).quantize(16)])
save("picture.bmp", base)
save("picture.tiff", base)

decoded = {}
for name in sorted(os.listdir(files)):
    if name.endswith((".gif", ".bmp", ".tiff")) or name == "grey16.png":
        continue
    image = ImageOps.exif_transpose(Image.open(os.path.join(files, name))).convert("RGB")
    decoded[name] = {"width": image.width, "height": image.height, "rgb": base64.b64encode(image.tobytes()).decode()}
write_json("decoded.json", decoded)

source = picture(61, 47, 1)
save("source.png", source)
resized = []
for resample in range(6):
    for size in [(16, 12), (61, 20), (20, 47), (100, 90), (7, 60), (61, 47), (1, 1), (200, 3)]:
        data = source.resize(size, resample=resample).tobytes()
        resized.append({"resample": resample, "width": size[0], "height": size[1], "sha256": hashlib.sha256(data).hexdigest(),
                        "start": base64.b64encode(data[:96]).decode()})
y, x = np.mgrid[0:701, 0:1000]
large = Image.fromarray(np.stack([(7 * x + 13 * y + 50 * k + x * y // 97) % 256 for k in range(3)], axis=2).astype(np.uint8), "RGB")
for resample in range(6):
    data = large.resize((224, 224), resample=resample).tobytes()
    resized.append({"of": "large", "resample": resample, "width": 224, "height": 224, "sha256": hashlib.sha256(data).hexdigest(),
                    "start": base64.b64encode(data[:96]).decode()})
write_json("resized.json", resized)


def shortest(image, edge):
    width, height = image.size
    short, long = (width, height) if width <= height else (height, width)
    other = int(edge * long / short)
    return (edge, other) if width <= height else (other, edge)


def crop(pixels, height, width):
    """Transformers' center_crop, on an array of rows: cut where it is larger, framed by zeros where it is smaller."""
    old_height, old_width = pixels.shape[:2]
    top, left = (old_height - height) // 2, (old_width - width) // 2
    bottom, right = top + height, left + width
    if top >= 0 and bottom <= old_height and left >= 0 and right <= old_width:
        return pixels[top:bottom, left:right]
    new_height, new_width = max(height, old_height), max(width, old_width)
    framed = np.zeros((new_height, new_width, 3), pixels.dtype)
    top_pad, left_pad = math.ceil((new_height - old_height) / 2), math.ceil((new_width - old_width) / 2)
    framed[top_pad:top_pad + old_height, left_pad:left_pad + old_width] = pixels
    top, bottom, left, right = top + top_pad, bottom + top_pad, left + left_pad, right + left_pad
    return framed[max(0, top):min(new_height, bottom), max(0, left):min(new_width, right)]


def process(image, size=None, resample=2, crop_size=None, factor=1 / 255, offset=False, mean=None, std=None, again=None, flip=False):
    pixels = np.array(image if size is None else image.resize(size, resample=resample))
    if crop_size:
        pixels = crop(pixels, *crop_size)
    if factor is not None:
        pixels = (pixels.astype(np.float64) * factor).astype(np.float32)
        if offset:
            pixels = pixels - 1
    else:
        pixels = pixels.astype(np.float32)
    if mean is not None:
        pixels = (pixels - np.array(mean, dtype=np.float32)) / np.array(std, dtype=np.float32)
    if again is not None:
        pixels = (pixels - np.zeros(3, np.float32)) / np.array(again, dtype=np.float32)
    if flip:
        pixels = pixels[:, :, ::-1]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype="<f4")


half = [0.5, 0.5, 0.5]
imagenet = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
clip = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
cases = [
    ("ViT with its defaults", {"image_processor_type": "ViTImageProcessor"}, dict(size=(224, 224), resample=2, mean=half, std=half)),
    ("an old file without a type", {"do_normalize": True, "do_resize": True, "image_mean": half, "image_std": half, "size": 32}, dict(size=(32, 32), resample=2, mean=half, std=half)),
    ("Swin as published", {"feature_extractor_type": "ViTFeatureExtractor", "do_normalize": True, "do_resize": True, "image_mean": imagenet[0], "image_std": imagenet[1], "resample": 3, "size": 40}, dict(size=(40, 40), resample=3, mean=imagenet[0], std=imagenet[1])),
    ("DeiT with its defaults", {"image_processor_type": "DeiTImageProcessor"}, dict(size=(256, 256), resample=3, crop_size=(224, 224), mean=half, std=half)),
    ("BEiT without a crop", {"image_processor_type": "BeitImageProcessor", "do_center_crop": False, "crop_size": 224, "size": {"height": 30, "width": 50}, "resample": 2, "do_reduce_labels": False}, dict(size=(50, 30), resample=2, mean=half, std=half)),
    ("ConvNext below 384", {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 32}, "crop_pct": 0.875, "resample": 3, "image_mean": imagenet[0], "image_std": imagenet[1]}, dict(size=shortest(source, int(32 / 0.875)), resample=3, crop_size=(32, 32), mean=imagenet[0], std=imagenet[1])),
    ("ConvNext with its defaults", {"image_processor_type": "ConvNextImageProcessor"}, dict(size=(384, 384), resample=2, mean=half, std=half)),
    ("CLIP with its defaults", {"image_processor_type": "CLIPImageProcessor"}, dict(size=shortest(source, 224), resample=3, crop_size=(224, 224), mean=clip[0], std=clip[1])),
    ("DINOv2 as published", {"image_processor_type": "BitImageProcessor", "crop_size": {"height": 45, "width": 45}, "do_center_crop": True, "do_convert_rgb": True, "image_mean": imagenet[0], "image_std": imagenet[1], "resample": 3, "size": {"shortest_edge": 51}}, dict(size=shortest(source, 51), resample=3, crop_size=(45, 45), mean=imagenet[0], std=imagenet[1])),
    ("a crop larger than the picture", {"image_processor_type": "CLIPImageProcessor", "do_resize": False, "crop_size": {"height": 64, "width": 50}}, dict(crop_size=(64, 50), mean=clip[0], std=clip[1])),
    ("EfficientNet with an offset", {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 33, "width": 33}, "rescale_factor": 1 / 127.5, "rescale_offset": True, "image_mean": imagenet[0], "image_std": imagenet[1]}, dict(size=(33, 33), resample=0, factor=1 / 127.5, offset=True, mean=imagenet[0], std=imagenet[1], again=imagenet[1])),
    ("LeViT with its defaults", {"image_processor_type": "LevitImageProcessor"}, dict(size=shortest(source, int(256 / 224 * 224)), resample=3, crop_size=(224, 224), mean=imagenet[0], std=imagenet[1])),
    ("MobileViT, blue first", {"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 36}, "crop_size": {"height": 32, "width": 32}}, dict(size=shortest(source, 36), resample=2, crop_size=(32, 32), flip=True)),
    ("neither rescaled nor normalised", {"image_processor_type": "ViTImageProcessor", "do_rescale": False, "do_normalize": False, "size": 20}, dict(size=(20, 20), resample=2, factor=None)),
    ("no resizing", {"image_processor_type": "ViTImageProcessor", "do_resize": False}, dict(mean=half, std=half)),
]
processed = []
for name, config, steps in cases:
    values = process(source, **steps)
    processed.append({"name": name, "config": config, "shape": list(values.shape), "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
                      "start": [float(value) for value in values.ravel()[:8]]})
write_json("processed.json", processed)
