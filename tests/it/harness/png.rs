//! Black PNGs of any size, written without the memory for their pixels.

/// Returns a PNG of one bit a pixel, all 0: `width`×`height` in the header, `rows` in the data.
pub(crate) fn zeros(width: u32, height: u32, rows: usize) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header);
    let row = 1 + width.div_ceil(8) as usize;
    chunk(&mut png, *b"IDAT", &zlib_of_zeros(row * rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).expect("it is short").to_be_bytes());
    let body = [&kind, data].concat();
    png.extend(&body);
    png.extend(crc32(&body).to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// Compresses zeros into one block with the fixed codes of RFC 1951, section 3.2.6: a 0, then copies of 258, then
/// single ones.
fn zlib_of_zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.low_first(0b011, 3);
    let copies = (count - 1) / 258;
    bits.high_first(0b0011_0000, 8);
    for _ in 0..copies {
        bits.high_first(0b1100_0101, 8);
        bits.high_first(0, 5);
    }
    for _ in 0..(count - 1) % 258 {
        bits.high_first(0b0011_0000, 8);
    }
    bits.high_first(0, 7);
    let adler = u32::try_from(count % 65_521).expect("it is small") << 16 | 1;
    [&[0x78, 0x01][..], &bits.bytes, &adler.to_be_bytes()].concat()
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn push(&mut self, bit: u8) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        *self.bytes.last_mut().expect("there is one") |= bit << (self.used % 8);
        self.used += 1;
    }

    fn low_first(&mut self, value: u8, count: usize) {
        (0..count).for_each(|at| self.push(value >> at & 1));
    }

    fn high_first(&mut self, value: u8, count: usize) {
        (0..count).rev().for_each(|at| self.push(value >> at & 1));
    }
}

#[test]
fn independent_decoder_reads_the_pictures() {
    let picture = image::load_from_memory(&zeros(301, 200, 200)).expect("it is a PNG").to_luma8();
    assert_eq!(picture.dimensions(), (301, 200));
    assert!(picture.pixels().all(|pixel| pixel.0 == [0]));
}
