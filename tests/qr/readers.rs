//! Other readers judge the codes that mfa writes, and are compared with mfa on pictures.
//!
//! `zbarimg` is Debian's zbar-tools; `judge.py` needs zxing-cpp, opencv-python-headless and cairosvg of `PyPI` in
//! the interpreter that `MFA_TEST_PYTHON` names.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use mfa::qr::read;

use crate::canvas::{LEVELS, png, symbol};
use crate::kinds::{self, PER_KIND};
use crate::rng::Rng;
use crate::round_trip::{from_blocks, longest};
use crate::wanted;

/// The texts in each file
type Answers = BTreeMap<String, Vec<String>>;

fn output(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    // zbarimg exits with 4 if it found nothing.
    assert!(matches!(output.status.code(), Some(0 | 4)), "{command:?}: {complaint}");
    output.stdout
}

fn zbarimg(folder: &Path) -> Answers {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pictures = files.filter(|path| path.extension() != Some(OsStr::new("svg")));
    let answer = |path: &Path| {
        let arguments = ["-q", "--raw", "-Sdisable", "-Sqrcode.enable"];
        let texts = output(Command::new("zbarimg").args(arguments).arg(path));
        let texts = String::from_utf8_lossy(&texts);
        texts.lines().map(str::to_owned).collect()
    };
    pictures.map(|path| (name(&path), answer(&path))).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn judge(folder: &Path) -> BTreeMap<String, Answers> {
    let python = env::var_os("MFA_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/qr/judge.py");
    let answers = output(Command::new(python).arg(script).arg(folder));
    serde_json::from_slice(&answers).unwrap()
}

#[test]
#[ignore = "needs zbarimg and Python with zxing-cpp, OpenCV, cairosvg: .ci/run installs them"]
fn other_readers_read_codes_of_mfa() {
    let folder = tempfile::tempdir().unwrap();
    let truth = write_symbols(folder.path());
    let (zbar, mut others) = (zbarimg(folder.path()), judge(folder.path()));
    let zxing = others.remove("zxing-cpp").unwrap();
    assert_eq!(zxing.len(), truth.len());
    for (file, text) in &truth {
        assert_eq!(zxing[file], *std::slice::from_ref(text), "zxing-cpp: {file}");
        // libzbar does not read the largest symbols below 3 pixels for each module.
        if !file.ends_with("svg") && !file.contains("longest") {
            assert_eq!(zbar[file], *std::slice::from_ref(text), "zbarimg: {file}");
        }
    }
}

/// Writes PNG and SVG of each level and some scales, half-blocks, and the longest texts; returns the text of each file.
fn write_symbols(folder: &Path) -> BTreeMap<String, String> {
    let mut rng = Rng::new(99);
    let mut truth = BTreeMap::new();
    let mut write = |name: String, file: Vec<u8>, text: &str| {
        fs::write(folder.join(&name), file).unwrap();
        truth.insert(name, text.to_owned());
    };
    for level in LEVELS {
        for scale in 2..=8 {
            let text = rng.uri();
            let symbol = symbol(&text, level);
            write(format!("{level:?}-{scale}.png"), symbol.png(scale), &text);
            write(format!("{level:?}-{scale}.svg"), symbol.svg(scale).into_bytes(), &text);
            let blocks = png(from_blocks(&symbol.half_blocks(), scale));
            write(format!("{level:?}-{scale}-blocks.png"), blocks, &text);
        }
        let text = longest(level, &mut rng);
        write(format!("longest-{level:?}.png"), symbol(&text, level).png(4), &text);
        write(format!("longest-{level:?}.svg"), symbol(&text, level).svg(4).into_bytes(), &text);
    }
    truth
}

#[test]
#[ignore = "needs zbarimg and Python with zxing-cpp, OpenCV, cairosvg: .ci/run installs them"]
fn mfa_reads_more_than_other_readers() {
    let folder = tempfile::tempdir().unwrap();
    let mut truth: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    for (number, kind) in kinds::all().into_iter().enumerate() {
        for n in 0..PER_KIND {
            let case = kind.case(1, n);
            let file = format!("{number:02}-{n}.{}", extension(&case.file));
            fs::write(folder.path().join(&file), &case.file).unwrap();
            truth.insert(file, (number, case.texts));
        }
    }
    let engines = thread::scope(|scope| {
        let others = scope.spawn(|| judge(folder.path()));
        let zbar = scope.spawn(|| zbarimg(folder.path()));
        let rqrr = scope.spawn(|| each(folder.path(), rqrr_alone));
        let ours = each(folder.path(), ours);
        let mut engines = others.join().unwrap();
        engines.insert("zbarimg".into(), zbar.join().unwrap());
        engines.insert("rqrr".into(), rqrr.join().unwrap());
        engines.insert("ours".into(), ours);
        engines
    });
    let totals = table(&truth, &engines);
    let ours = totals["ours"];
    assert!(totals.iter().all(|(engine, total)| engine == "ours" || *total < ours), "{totals:?}");
}

fn extension(file: &[u8]) -> &'static str {
    image::guess_format(file).unwrap().extensions_str()[0]
}

fn each(folder: &Path, engine: fn(&[u8]) -> Vec<String>) -> Answers {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (name(&path), engine(&fs::read(&path).unwrap()))).collect()
}

fn ours(file: &[u8]) -> Vec<String> {
    read(file, wanted).unwrap_or_default().into_iter().map(|found| found.text).collect()
}

/// Calls rxing as its README shows it.
pub(crate) fn rqrr_alone(file: &[u8]) -> Vec<String> {
    let picture = image::load_from_memory(file).unwrap().to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let shade = |x: usize, y: usize| picture.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

/// Prints the pictures that each engine read of each kind, and returns each engine's sum.
fn table(
    truth: &BTreeMap<String, (usize, Vec<String>)>,
    engines: &BTreeMap<String, Answers>,
) -> BTreeMap<String, usize> {
    let mut totals = BTreeMap::new();
    for (number, kind) in kinds::all().into_iter().enumerate() {
        print!("{:34}", kind.name);
        for (engine, answers) in engines {
            let of_kind = truth.iter().filter(|(_, (of, _))| *of == number);
            let read = of_kind
                .filter(|(file, (_, texts))| answers.get(*file).is_some_and(|found| same(found, texts)));
            let read = read.count();
            *totals.entry(engine.clone()).or_default() += read;
            print!(" {engine} {read}");
        }
        println!();
    }
    println!("{totals:?} of {}", truth.len());
    totals
}

fn same(found: &[String], texts: &[String]) -> bool {
    let set = |texts: &[String]| texts.iter().cloned().collect::<BTreeSet<_>>();
    set(found) == set(texts)
}
