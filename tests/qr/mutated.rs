//! Damaged files: any answer is right, but no panic.

use std::sync::LazyLock;

use image::{DynamicImage, ImageFormat};
use mfa::qr::{Level, is_image, read};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::canvas::{drawn, encoded, jpeg, png, symbol};
use crate::wanted;

/// Returns a small code in each format and some colour types.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let grey = drawn(&symbol("otpauth://totp/x?secret=GEZDGNBV", Level::L), 2, 2);
    let image = DynamicImage::ImageLuma8(grey.clone());
    vec![
        png(grey.clone()),
        png(image.to_rgba8()),
        png(DynamicImage::ImageRgb16(image.to_rgb16())),
        jpeg(&grey, 80),
        encoded(image.to_rgb8(), ImageFormat::Gif),
        encoded(image.to_rgba8(), ImageFormat::WebP),
        encoded(grey, ImageFormat::Bmp),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn changed_file_never_panics(
        file in any::<Index>(),
        changes in vec((any::<Index>(), any::<u8>()), 1..12),
    ) {
        let mut file = file.get(&FILES).clone();
        for (place, byte) in changes {
            *place.get_mut(&mut file) = byte;
        }
        let _ = read(&file, wanted);
    }

    #[test]
    fn truncated_file_never_panics(file in any::<Index>(), end in any::<Index>()) {
        let file = file.get(&FILES);
        let _ = read(&file[..end.index(file.len())], wanted);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes, wanted).is_err() || is_image(&bytes));
    }
}
