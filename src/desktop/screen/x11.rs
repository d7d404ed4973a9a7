//! Screenshots on X11: the content of the root window, which covers all monitors.

use std::io::Cursor;
use std::time::Duration;

use image::ExtendedColorType;
use image::codecs::bmp::BmpEncoder;
use x11rb::connection::Connection as _;
use x11rb::errors::{ConnectError, ParseError, ReplyError};
use x11rb::image::{Image, PixelLayout};
use x11rb::protocol::xproto::{Screen, Visualid, Visualtype};
use x11rb::rust_connection::RustConnection;

use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::timeout::run_with_timeout;

/// The time limit for the X server, which may be on another machine
const SERVER_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn take_pictures() -> Result<Vec<Picture>, ScreenError> {
    let timed_out = || Err(ScreenError::Refused("the X server does not respond".to_owned()));
    run_with_timeout(SERVER_TIMEOUT, take_each_screen).unwrap_or_else(timed_out)
}

fn take_each_screen() -> Result<Vec<Picture>, ScreenError> {
    let (connection, _) = RustConnection::connect(None)?;
    connection.setup().roots.iter().map(|screen| take_picture(&connection, screen)).collect()
}

fn take_picture(connection: &RustConnection, screen: &Screen) -> Result<Picture, ScreenError> {
    let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
    let (image, visual) = Image::get(connection, screen.root, 0, 0, width, height)?;
    let layout = PixelLayout::from_visual_type(find_visual_type(screen, visual)?)?;
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgb: Vec<u8> = pixels
        .flat_map(|(x, y)| {
            let (red, green, blue) = layout.decode(image.get_pixel(x, y));
            [red, green, blue].map(|intensity| intensity.to_be_bytes()[0])
        })
        .collect();
    encode_bmp(&Picture::new(rgb), width, height)
}

fn encode_bmp(rgb: &Picture, width: u16, height: u16) -> Result<Picture, ScreenError> {
    let mut file = Cursor::new(Vec::new());
    BmpEncoder::new(&mut file)
        .encode(rgb, width.into(), height.into(), ExtendedColorType::Rgb8)
        .map_err(|error| ScreenError::Refused(error.to_string()))?;
    Ok(Picture::new(file.into_inner()))
}

fn find_visual_type(screen: &Screen, id: Visualid) -> Result<Visualtype, ScreenError> {
    let visuals = screen.allowed_depths.iter().flat_map(|depth| &depth.visuals);
    let found = visuals.copied().find(|visual| visual.visual_id == id);
    found.ok_or_else(|| ScreenError::Refused("the X server does not describe its colours".to_owned()))
}

impl From<ConnectError> for ScreenError {
    fn from(error: ConnectError) -> Self {
        Self::Refused(format!("no connection to the X server: {error}"))
    }
}

impl From<ReplyError> for ScreenError {
    fn from(error: ReplyError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<ParseError> for ScreenError {
    fn from(error: ParseError) -> Self {
        Self::Refused(error.to_string())
    }
}
