//! The effects of a lens: turned, tilted, blurred, resampled pictures.

use image::{GrayImage, Luma, imageops};

use crate::rng::Rng;

type Point = (f64, f64);

/// Turns the picture by `degrees`, on a background that holds all of it.
pub(crate) fn turned(picture: &GrayImage, degrees: f64, ground: u8) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let (wide, high) = ((w * cos).abs() + (h * sin).abs(), (w * sin).abs() + (h * cos).abs());
    let place = |(x, y): Point| {
        let (u, v) = (x - w / 2.0, y - h / 2.0);
        (u * cos - v * sin + wide / 2.0, u * sin + v * cos + high / 2.0)
    };
    let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(place);
    projected(picture, (wide.ceil() as u32, high.ceil() as u32), corners, ground)
}

/// Moves each corner inward by up to `tilt` of the side, as a tilted camera does.
pub(crate) fn tilted(picture: &GrayImage, tilt: f64, ground: u8, rng: &mut Rng) -> GrayImage {
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let mut inward = |corner: f64, side: f64| {
        let by = rng.float(0.0, tilt) * side;
        if corner > 0.0 { corner - by } else { by }
    };
    let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| (inward(x, w), inward(y, h)));
    projected(picture, picture.dimensions(), corners, ground)
}

/// Spans the picture between four corners of a canvas, clockwise from its top left.
pub(crate) fn projected(
    picture: &GrayImage,
    (width, height): (u32, u32),
    corners: [Point; 4],
    ground: u8,
) -> GrayImage {
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let back = homography(corners, [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]);
    GrayImage::from_fn(width, height, |x, y| {
        let steps = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        let sum: f64 = steps
            .iter()
            .map(|(dx, dy)| sample(picture, through(&back, (f64::from(x) + dx, f64::from(y) + dy)), ground))
            .sum();
        Luma([(sum / 4.0).round() as u8])
    })
}

fn sample(picture: &GrayImage, (x, y): Point, ground: u8) -> f64 {
    let (x, y) = (x - 0.5, y - 0.5);
    let at = |x: f64, y: f64| {
        let inside =
            x >= 0.0 && y >= 0.0 && x < f64::from(picture.width()) && y < f64::from(picture.height());
        let shade = if inside { picture.get_pixel(x as u32, y as u32).0[0] } else { ground };
        f64::from(shade)
    };
    let (left, top) = (x.floor(), y.floor());
    let (u, v) = (x - left, y - top);
    let upper = at(left, top) * (1.0 - u) + at(left + 1.0, top) * u;
    let lower = at(left, top + 1.0) * (1.0 - u) + at(left + 1.0, top + 1.0) * u;
    upper * (1.0 - v) + lower * v
}

fn through(h: &[f64; 8], (x, y): Point) -> Point {
    let depth = h[6] * x + h[7] * y + 1.0;
    ((h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth)
}

/// Returns the projection of four points to four others, by Gauss-Jordan elimination.
fn homography(from: [Point; 4], to: [Point; 4]) -> [f64; 8] {
    let mut rows = Vec::new();
    for ((x, y), (u, v)) in from.into_iter().zip(to) {
        rows.push([x, y, 1.0, 0.0, 0.0, 0.0, -x * u, -y * u, u]);
        rows.push([0.0, 0.0, 0.0, x, y, 1.0, -x * v, -y * v, v]);
    }
    for n in 0..8 {
        let best = (n..8).max_by(|&a, &b| rows[a][n].abs().total_cmp(&rows[b][n].abs())).unwrap();
        rows.swap(n, best);
        let pivot = rows[n].map(|value| value / rows[n][n]);
        rows[n] = pivot;
        let others = rows.iter_mut().enumerate().filter(|(other, _)| *other != n);
        for (_, row) in others {
            let factor = row[n];
            row.iter_mut().zip(pivot).for_each(|(value, p)| *value -= factor * p);
        }
    }
    std::array::from_fn(|n| rows[n][8])
}

pub(crate) fn blurred(picture: &GrayImage, sigma: f64) -> GrayImage {
    imageops::blur(picture, sigma as f32)
}

/// Smears light along a short line, as an unsteady hand does.
pub(crate) fn shaken(picture: &GrayImage, length: f64, degrees: f64) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let steps = 9;
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let sum: f64 = (0..steps)
            .map(|n| length * (f64::from(n) / f64::from(steps - 1) - 0.5))
            .map(|away| {
                sample(picture, (f64::from(x) + 0.5 + away * cos, f64::from(y) + 0.5 + away * sin), 255)
            })
            .sum();
        Luma([(sum / f64::from(steps)) as u8])
    })
}

pub(crate) fn resized(picture: &GrayImage, factor: f64, filter: imageops::FilterType) -> GrayImage {
    let side = |side: u32| (f64::from(side) * factor).round() as u32;
    imageops::resize(picture, side(picture.width()), side(picture.height()), filter)
}
