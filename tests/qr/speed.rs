//! The cost of reading beside other readers: a measurement for optimised builds, not a test.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use image::imageops;
use mfa::qr::read;

use crate::canvas::{grey, png};
use crate::kinds;
use crate::page::web_page;
use crate::readers::rqrr_alone;
use crate::rng::Rng;
use crate::wanted;

/// Returns the median of several runs.
fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[4]
}

#[test]
#[ignore = "a measurement, for --release; needs zbarimg: .ci/run installs it"]
fn reading_costs() {
    let of_kind =
        |name: &str| kinds::all().into_iter().find(|kind| kind.name == name).unwrap().case(1, 1).file;
    let page = web_page(2560, 1440, false, &mut Rng::new(3));
    let pictures = [
        ("aws, 4 px", of_kind("aws, 4 px")),
        ("screenshot 2560", of_kind("screenshot 2560")),
        ("photo of paper", of_kind("photo of paper")),
        ("photo in bad light", of_kind("photo in bad light")),
        ("page without a code", png(imageops::crop_imm(&page, 0, 0, 1280, 720).to_image())),
        ("large page without", png(page)),
        ("white, 8 bit", png(grey(1280, 720, 255))),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in pictures {
        let path = folder.path().join(name);
        fs::write(&path, &file).unwrap();
        let load = median(|| drop(image::load_from_memory(&file)));
        let ours = median(|| drop(read(&file, wanted)));
        let rqrr = median(|| drop(rqrr_alone(&file)));
        let zbar = median(|| {
            let mut command = Command::new("zbarimg");
            command.args(["-q", "--raw"]).arg(&path).output().unwrap();
        });
        println!(
            "{name:22} loading {load:9.1?} ours with it {ours:9.1?} rqrr with it {rqrr:9.1?} zbarimg {zbar:9.1?}"
        );
    }
}
