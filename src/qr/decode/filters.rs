//! Filters after which an engine reads codes that it did not read before.

use crate::qr::decode::gray::GrayImage;

impl GrayImage {
    pub(crate) fn inverted(&self) -> Self {
        self.map(|pixel| 255 - pixel)
    }

    /// Replaces each square of `factor` × `factor` pixels by its mean: dots join, noise and moiré disappear.
    pub(crate) fn shrunk(&self, factor: usize) -> Self {
        let (width, height) = (self.width / factor, self.height / factor);
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0_usize; width];
        for band in self.pixels.chunks_exact(self.width * factor) {
            sums.fill(0);
            for row in band.chunks_exact(self.width) {
                for (sum, square) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                    *sum += square.iter().map(|&pixel| usize::from(pixel)).sum::<usize>();
                }
            }
            pixels.extend(sums.iter().map(|sum| to_byte(sum / (factor * factor))));
        }
        Self { width, height, pixels }
    }

    /// Doubles width and height with linear interpolation: small modules get room for the engine's sampling.
    pub(crate) fn doubled(&self) -> Self {
        let wide: Vec<u8> = self.rows().flat_map(stretch).collect();
        let width = self.width * 2;
        let rows: Vec<&[u8]> = wide.chunks_exact(width).collect();
        let mut pixels = Vec::with_capacity(wide.len() * 2);
        for (y, row) in rows.iter().enumerate() {
            let above = rows[y.saturating_sub(1)];
            let below = rows[(y + 1).min(rows.len() - 1)];
            pixels.extend(row.iter().zip(above).map(|(&near, &far)| interpolate(near, far)));
            pixels.extend(row.iter().zip(below).map(|(&near, &far)| interpolate(near, far)));
        }
        Self { width, height: self.height * 2, pixels }
    }

    /// Replaces each pixel by the mean of the 3 × 3 pixels around it.
    pub(crate) fn blurred(&self) -> Self {
        let across: Vec<u16> = self.rows().flat_map(sums_of_three).collect();
        let rows: Vec<&[u16]> = across.chunks_exact(self.width).collect();
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..rows.len() {
            let above = rows[y.saturating_sub(1)];
            let below = rows[(y + 1).min(rows.len() - 1)];
            let columns = above.iter().zip(rows[y]).zip(below);
            pixels.extend(columns.map(|((a, b), c)| to_byte(usize::from(a + b + c) / 9)));
        }
        Self { pixels, ..*self }
    }

    /// Applies an unsharp mask: moves each pixel away from the mean of its surroundings, by twice the difference.
    pub(crate) fn sharpened(&self) -> Self {
        let soft = self.blurred().blurred();
        let pairs = self.pixels.iter().zip(&soft.pixels);
        let pixels = pairs.map(|(&sharp, &soft)| {
            let (sharp, soft) = (i16::from(sharp), i16::from(soft));
            u8::try_from((sharp + 2 * (sharp - soft)).clamp(0, 255)).unwrap_or(u8::MAX)
        });
        Self { pixels: pixels.collect(), ..*self }
    }

    fn map(&self, change: impl Fn(u8) -> u8) -> Self {
        Self { pixels: self.pixels.iter().map(|&pixel| change(pixel)).collect(), ..*self }
    }
}

fn stretch(row: &[u8]) -> impl Iterator<Item = u8> {
    let last = row.len() - 1;
    row.iter().enumerate().flat_map(move |(x, &pixel)| {
        let (left, right) = (row[x.saturating_sub(1)], row[(x + 1).min(last)]);
        [interpolate(pixel, left), interpolate(pixel, right)]
    })
}

/// Interpolates at a quarter of the distance between two pixels.
fn interpolate(near: u8, far: u8) -> u8 {
    to_byte((usize::from(near) * 3 + usize::from(far) + 2) / 4)
}

fn sums_of_three(row: &[u8]) -> impl Iterator<Item = u16> {
    let last = row.len() - 1;
    (0..row.len()).map(move |x| {
        let (left, right) = (row[x.saturating_sub(1)], row[(x + 1).min(last)]);
        u16::from(left) + u16::from(row[x]) + u16::from(right)
    })
}

fn to_byte(mean: usize) -> u8 {
    u8::try_from(mean).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, pixels: &[u8]) -> GrayImage {
        GrayImage { width, height: pixels.len() / width, pixels: pixels.to_vec() }
    }

    #[test]
    fn shrunk_takes_means_and_drops_the_rest() {
        let small = picture(3, &[0, 20, 9, 40, 60, 9, 9, 9, 9]).shrunk(2);
        assert_eq!((small.width, small.height, small.pixels), (1, 1, vec![30]));
    }

    #[test]
    fn doubled_interpolates_linearly() {
        let large = picture(2, &[0, 100]).doubled();
        assert_eq!((large.width, large.height), (4, 2));
        assert_eq!(large.pixels, [0, 25, 75, 100, 0, 25, 75, 100]);
    }

    #[test]
    fn flat_picture_stays_the_same() {
        let flat = picture(4, &[77; 12]);
        assert_eq!(flat.blurred().pixels, flat.pixels);
        assert_eq!(flat.sharpened().pixels, flat.pixels);
    }

    #[test]
    fn inverted_twice_gives_the_picture() {
        let ramp = picture(3, &[0, 128, 255]);
        assert!(ramp.inverted().inverted() == ramp);
    }
}
