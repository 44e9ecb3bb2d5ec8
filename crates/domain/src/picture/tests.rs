//! Real files of each kind, and what is no picture.

use super::*;

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!("samples/", $name)).as_slice()
    };
}

const GOOD: [(&[u8], Format); 6] = [
    (sample!("logo.png"), Format::Png),
    (sample!("baseline.jpg"), Format::Jpeg),
    (sample!("progressive.jpg"), Format::Jpeg),
    (sample!("lossy.webp"), Format::Webp),
    (sample!("lossless.webp"), Format::Webp),
    (sample!("extended.webp"), Format::Webp),
];

#[test]
fn each_kind_is_known_with_its_size() {
    for (bytes, format) in GOOD {
        assert_eq!(inspect(bytes), Ok(Picture { format, width: 96, height: 32 }));
    }
}

#[test]
fn animations_are_refused() {
    for bytes in [sample!("animated.png"), sample!("animated.webp")] {
        assert_eq!(inspect(bytes), Err(PictureError::Animated));
    }
}

#[test]
fn other_files_are_refused_and_svg_is_named() {
    let others: [&[u8]; 9] = [
        b"",
        b"P",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"BM\x3a\x00\x00\x00",
        b"RIFF\x04\x00\x00\x00WAVE",
        b" \x89PNG\r\n\x1a\n",
    ];
    for other in others {
        assert_eq!(inspect(other), Err(PictureError::Unknown));
    }
    assert!(PictureError::Unknown.to_string().contains("SVG is not taken"));
}

/// Cut anywhere: no panic, and never more than the whole file was.
#[test]
fn what_was_cut_off_is_refused() {
    for (bytes, _) in GOOD {
        for end in 0..bytes.len() {
            assert!(inspect(&bytes[..end]).is_err(), "{end} of {}", bytes.len());
        }
    }
}

/// What stands behind a picture's end is another document's beginning.
#[test]
fn nothing_stands_behind_the_end() {
    for (bytes, _) in GOOD {
        for more in [b"\0".as_slice(), b"<script>alert(1)</script>", b"PK\x03\x04", bytes] {
            assert_eq!(inspect(&[bytes, more].concat()), Err(PictureError::Broken));
        }
    }
}

/// An end that stands within a comment is none.
#[test]
fn a_jpeg_is_walked_to_its_own_end() {
    let jpeg = sample!("baseline.jpg");
    let comment = [b"\xff\xfe\x00\x06\xff\xd9</".as_slice(), &jpeg[2..]].concat();
    assert!(inspect(&[&jpeg[..2], &comment].concat()).is_ok());
    let cut = &comment[..comment.len() - 2];
    assert_eq!(inspect(&[&jpeg[..2], cut].concat()), Err(PictureError::Broken));
}

#[test]
fn a_jpeg_has_one_frame_and_few_scans() {
    let jpeg = sample!("baseline.jpg");
    let part = |marker: u8| {
        let at = jpeg.windows(2).position(|two| two == [0xff, marker]).expect("a marker");
        let count = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        (at, &jpeg[at..at + 2 + count])
    };
    let with = |at: usize, more: &[u8]| [&jpeg[..at], more, &jpeg[at..]].concat();
    let (frame_at, frame) = part(0xc0);
    assert_eq!(inspect(&with(frame_at, frame)), Err(PictureError::Broken));
    let (scan_at, scan) = part(0xda);
    assert!(inspect(&with(scan_at, &scan.repeat(39))).is_ok());
    assert_eq!(inspect(&with(scan_at, &scan.repeat(40))), Err(PictureError::Broken));
}

/// The canvas tells one size and the pixels have another: which of them a browser believes is not
/// for us to find out.
#[test]
fn a_webp_has_one_picture_of_the_size_of_its_canvas() {
    let webp = sample!("extended.webp");
    let mut wider = webp.to_vec();
    // Behind RIFF's header (12 bytes), the chunk's (8), and flags with three reserved bytes.
    wider[24] += 1;
    assert_eq!(inspect(&wider), Err(PictureError::Broken));
    let chunks = |more: &[u8]| {
        let mut bytes = [webp, more].concat();
        let inside = u32::try_from(bytes.len() - 8).expect("small");
        bytes[4..8].copy_from_slice(&inside.to_le_bytes());
        bytes
    };
    assert!(inspect(&chunks(b"EXIF\x02\0\0\0ab")).is_ok());
    assert_eq!(inspect(&chunks(b"ANMF\0\0\0\0")), Err(PictureError::Animated));
    assert_eq!(inspect(&chunks(&webp[12..])), Err(PictureError::Broken));
}

#[test]
fn the_header_tells_the_size_and_nothing_has_none() {
    let huge = {
        let mut bytes = sample!("logo.png").to_vec();
        bytes[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
        bytes
    };
    let size = inspect(&huge).map(|picture| (picture.width, picture.height));
    assert_eq!(size, Ok((0x7fff_ffff, 1)));
    let mut flat = huge;
    flat[16..20].copy_from_slice(&[0; 4]);
    assert_eq!(inspect(&flat), Err(PictureError::Broken));
}

proptest::proptest! {
    /// Whatever follows a signature: an answer, and no panic.
    #[test]
    fn any_bytes_have_an_answer(kind in 0..3usize, rest in proptest::collection::vec(0u8.., 0..400)) {
        let starts: [&[u8]; 3] = [
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
            b"\xff\xd8\xff\xe0\x00\x04ab\xff",
            b"RIFF\x00\x00\x00\x00WEBPVP8X",
        ];
        let _ = inspect(&[starts[kind], &rest].concat());
    }

    /// Whichever byte of a picture is another one: an answer, and no panic.
    #[test]
    fn any_damage_has_an_answer(sample in 0..6usize, at in 0..4000usize, byte in 0u8..) {
        let mut bytes = GOOD[sample].0.to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = inspect(&bytes);
    }
}
