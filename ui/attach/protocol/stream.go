package protocol

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// window is how far back the compression of the stream looks: a base and what came before it.
const window = 512 << 10 // bytes

// StreamWriter writes the messages of the server. It is for one goroutine.
type StreamWriter struct {
	w   io.Writer
	z   *zstd.Encoder
	buf packed
}

// packed collects what the compression makes of one message.
type packed []byte

func (p *packed) Write(b []byte) (int, error) {
	*p = append(*p, b...)
	return len(b), nil
}

// NewStreamWriter returns a StreamWriter. Each message is one call of w.Write.
func NewStreamWriter(w io.Writer) (*StreamWriter, error) {
	s := &StreamWriter{w: w}
	var err error
	s.z, err = zstd.NewWriter(&s.buf, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	return s, err
}

// Write sends a message.
func (s *StreamWriter) Write(m *Message) error {
	b, err := Encode(m)
	if err != nil {
		return err
	}
	if len(b) > MaxMessage {
		return fmt.Errorf("a message of %d bytes is too large", len(b))
	}
	s.buf = s.buf[:0]
	if _, err = s.z.Write(binary.AppendUvarint(nil, uint64(len(b)))); err == nil {
		_, err = s.z.Write(b)
	}
	if err == nil {
		err = s.z.Flush()
	}
	if err == nil {
		_, err = s.w.Write(s.buf)
	}
	return err
}

// StreamReader reads what a StreamWriter wrote. It is for one goroutine.
type StreamReader struct {
	z   *zstd.Decoder
	in  *bufio.Reader
	buf []byte
}

// NewStreamReader returns a StreamReader, which takes bounded memory whatever is in r. Close it.
func NewStreamReader(r io.Reader) (*StreamReader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return &StreamReader{z: z, in: bufio.NewReader(z)}, nil
}

// step is how much memory a message gets before its bytes have come.
const step = 1 << 20

// Read returns the next message.
func (s *StreamReader) Read() (*Message, error) {
	n, err := binary.ReadUvarint(s.in)
	if err != nil {
		return nil, err
	}
	if n > MaxMessage {
		return nil, fmt.Errorf("%w: one of %d bytes", ErrMessage, n)
	}
	s.buf = s.buf[:0]
	for left := int(n); left > 0; {
		part := min(left, step)
		at := len(s.buf)
		s.buf = append(s.buf, make([]byte, part)...)
		if _, err := io.ReadFull(s.in, s.buf[at:]); err != nil {
			return nil, unexpected(err)
		}
		left -= part
	}
	m := new(Message)
	if err := Decode(s.buf, m); err != nil {
		return nil, err
	}
	return m, nil
}

// unexpected is the error of a stream that ends in a message.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Close frees what reading needs.
func (s *StreamReader) Close() { s.z.Close() }
