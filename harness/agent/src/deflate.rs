//! Deflate streams (RFC 1951) for a slow line without an end: what a session over a
//! virtual machine's serial port needs.
//!
//! flate2's own reader reads more from the line before it returns what it has, and even
//! after the stream's end. If the other side of the line waits for an answer, that is a
//! deadlock.

use std::io::{self, BufRead, Read, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

/// Deflates what is written; each flush sends all of it.
pub fn writer<W: Write>(line: W) -> DeflateEncoder<W> {
    DeflateEncoder::new(line, Compression::fast())
}

/// Inflates a stream. It does not read past the stream's end.
#[derive(Debug)]
pub struct Reader<R> {
    line: R,
    inflate: Decompress,
    /// Whether there may be more output without more input.
    full: bool,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// The stream starts with the line's next byte.
    pub fn new(line: R) -> Self {
        Self {
            line,
            inflate: Decompress::new(false),
            full: false,
            ended: false,
        }
    }

    /// Whether the stream has ended.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The rest of the line after the stream.
    pub fn into_inner(self) -> R {
        self.line
    }

    /// Inflates as much as fits; returns how many bytes.
    fn inflate(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let input = if self.full {
            &[]
        } else {
            self.line.fill_buf()?
        };
        if input.is_empty() && !self.full {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self
            .inflate
            .decompress(input, buffer, FlushDecompress::None)?;
        let taken = self.inflate.total_in() - taken;
        let given = (self.inflate.total_out() - given) as usize;
        self.line.consume(taken as usize);
        self.full = given == buffer.len();
        self.ended = status == Status::StreamEnd;
        Ok(given)
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !buffer.is_empty() {
            match self.inflate(buffer)? {
                0 => {}
                given => return Ok(given),
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write, pipe};

    use super::{Reader, writer};

    #[test]
    fn a_line_longer_than_any_buffer_arrives_while_the_stream_goes_on() {
        let (reader, line) = pipe().unwrap();
        let sent = format!("{}\n", "long ".repeat(20_000));
        let mut output = writer(line);
        output.write_all(sent.as_bytes()).unwrap();
        output.flush().unwrap();
        let mut got = String::new();
        let mut input = BufReader::new(Reader::new(BufReader::new(reader)));
        input.read_line(&mut got).unwrap();
        assert_eq!(got, sent);
    }

    #[test]
    fn a_stream_ends_before_the_line_does_and_leaves_what_follows() {
        let (reader, line) = pipe().unwrap();
        let mut output = writer(line);
        output.write_all(b"first\n").unwrap();
        let mut line = output.finish().unwrap();
        line.write_all(b"second").unwrap();
        let mut input = Reader::new(BufReader::new(reader));
        let mut got = String::new();
        input.read_to_string(&mut got).unwrap();
        assert_eq!((got.as_str(), input.ended()), ("first\n", true));
        assert_eq!(input.into_inner().buffer(), b"second");
    }

    #[test]
    fn a_stream_that_breaks_off_is_an_error() {
        let mut output = writer(Vec::new());
        output.write_all(b"first\n").unwrap();
        output.flush().unwrap();
        let mut input = Reader::new(output.get_ref().as_slice());
        let mut got = Vec::new();
        assert!(input.read_to_end(&mut got).is_err());
        assert_eq!((got.as_slice(), input.ended()), (&b"first\n"[..], false));
    }
}
