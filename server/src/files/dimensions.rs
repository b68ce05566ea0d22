//! The width and height of an image, from its headers: its pixels are not decoded (SEC-35).

use std::io::Cursor;

use exif::{In, Tag};

use crate::store::Dimensions;

/// The number of leading bytes that are searched for the size. Headers are seldom longer, and anybody could make the server do
/// the work of a longer search.
pub const HEADER_BYTES: usize = 256 * 1024;

/// The size of the image that begins with these bytes; `None` if they do not give it.
pub fn of(head: &[u8]) -> Option<Dimensions> {
    let head = &head[..head.len().min(HEADER_BYTES)];
    let size = imagesize::blob_size(head).ok()?;
    // Real images are not larger, and clients read these numbers as 32-bit integers.
    let pixels =
        |pixels: usize| u32::try_from(pixels).ok().filter(|pixels| (1..=i32::MAX.unsigned_abs()).contains(pixels));
    let (width, height) = (pixels(size.width)?, pixels(size.height)?);
    Some(if is_on_its_side(head) { Dimensions { width: height, height: width } } else { Dimensions { width, height } })
}

/// Whether a JPEG image is displayed rotated by a quarter turn, as cameras save portrait photos (Exif 3.0, section 4.6.5.1.6).
fn is_on_its_side(head: &[u8]) -> bool {
    if !infer::image::is_jpeg(head) {
        return false;
    }
    let Ok(exif) = exif::Reader::new().read_from_container(&mut Cursor::new(head)) else { return false };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    matches!(orientation, Some(5..=8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &size[..], b"\x08\0\0\0\0"].concat()
    }

    /// A JPEG image's headers with an orientation, if any.
    fn jpeg(width: u16, height: u16, orientation: Option<u16>) -> Vec<u8> {
        let exif = orientation.map_or_else(Vec::new, |orientation| {
            let tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01";
            [b"\xff\xe1\0\x22Exif\0\0", &tiff[..], &orientation.to_be_bytes(), b"\0\0\0\0\0\0"].concat()
        });
        let (height, width) = (height.to_be_bytes(), width.to_be_bytes());
        [b"\xff\xd8", &exif[..], b"\xff\xc0\0\x0b\x08", &height, &width, b"\x01\x01\x11\0"].concat()
    }

    /// The headers of an HEIF image of this brand, rotated by this many quarter turns.
    fn heif(brand: &[u8; 4], width: u32, height: u32, quarters: u8) -> Vec<u8> {
        let part = |name: &[u8], content: &[u8]| {
            let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
            [&length, name, content].concat()
        };
        let size = part(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat());
        let properties = part(b"ipco", &[size, part(b"irot", &[quarters])].concat());
        let meta = [vec![0; 4], part(b"iprp", &properties)].concat();
        [part(b"ftyp", &[*brand, [0; 4], *brand].concat()), part(b"meta", &meta), part(b"mdat", b"")].concat()
    }

    #[test]
    fn sec_35_the_headers_of_images_say_their_size() {
        let gif = b"GIF89a\x40\x01\xf0\0\0\0\0";
        let webp = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0";
        for (what, head) in [
            ("PNG", png(320, 240)),
            ("GIF", gif.to_vec()),
            ("WebP", webp.to_vec()),
            ("JPEG", jpeg(320, 240, None)),
            ("JPEG, upright", jpeg(320, 240, Some(1))),
            ("JPEG, on its side", jpeg(240, 320, Some(6))),
            ("AVIF", heif(b"avif", 320, 240, 0)),
            ("HEIC, on its side", heif(b"heic", 240, 320, 1)),
        ] {
            assert_eq!(of(&head), Some(Dimensions { width: 320, height: 240 }), "{what}");
            for length in 0..head.len() {
                let cut = of(&head[..length]);
                assert!(cut.is_none_or(|cut| cut.width.max(cut.height) == 320), "{what}, cut to {length}: {cut:?}");
            }
        }
    }

    #[test]
    fn sec_35_headers_that_lie_or_make_work_are_given_up() {
        assert_eq!(of(&png(0, 5)), None);
        assert_eq!(of(&png(u32::MAX, 5)), None);
        assert_eq!(of(&png(0x7fff_ffff, 0x7fff_ffff)), Some(Dimensions { width: 0x7fff_ffff, height: 0x7fff_ffff }));
        assert_eq!(of(b""), None);
        assert_eq!(of(b"plain text"), None);
        // Segments without content, as many as there is room for.
        let segments: Vec<u8> = [0xff, 0xfe, 0, 2].repeat(3 << 20);
        assert_eq!(of(&[b"\xff\xd8", &segments[..]].concat()), None);
        let boxes: Vec<u8> = b"\0\0\0\x08free".repeat(1 << 20);
        assert_eq!(of(&[b"\0\0\0\x10ftypheic\0\0\0\0", &boxes[..]].concat()), None);
    }
}
