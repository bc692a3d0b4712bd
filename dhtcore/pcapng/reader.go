package pcapng

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrNoCapture is the error of a file that is no capture.
var ErrNoCapture = errors.New("this is no capture: it is neither pcapng nor pcap")

// Counts are what a Reader has met.
type Counts struct {
	Packets   uint64 // of any kind
	Datagrams uint64 // of them, UDP datagrams, which Next has returned

	// Packets that were left out.
	Others    uint64 // of another protocol, or of a link layer that is not known
	Fragments uint64 // of datagrams that were split
	Cut       uint64 // captured so short that their headers miss
	Malformed uint64 // with headers that contradict themselves

	Gaps      uint64 // damaged parts of the file
	Truncated bool   // the file ends within a packet
}

// Reader reads the UDP datagrams of a capture, from a stream. What is damaged is passed over.
type Reader struct {
	in     *bufio.Reader
	format interface {
		// next reads a packet; its frame is valid until the next one.
		next(p *packet) error
	}
	counts Counts
	d      Datagram
	packet packet
}

// packet is one of a capture.
type packet struct {
	at      time.Time
	way     Way
	iface   int
	link    uint16
	frame   []byte
	comment string
}

// maxBlock bounds what a Reader holds of a file: a packet, or a block with one, in bytes. tcpdump captures 262,144 of a packet.
const maxBlock = 1 << 20

// bufferSize is twice that, so that looking for the end of block after block moves no more bytes than reading them.
const bufferSize = 2 * maxBlock

// NewReader reads the beginning of a capture, which may be compressed with gzip. The error is that of r, or ErrNoCapture.
func NewReader(r io.Reader) (*Reader, error) {
	out := &Reader{in: bufio.NewReaderSize(r, bufferSize)}
	magic, err := out.in.Peek(4)
	if len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(out.in)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoCapture, err)
		}
		out.in = bufio.NewReaderSize(z, bufferSize)
		magic, _ = out.in.Peek(4)
	} else if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(magic) < 4 {
		return nil, ErrNoCapture
	}
	if binary.LittleEndian.Uint32(magic) == blockSection {
		f := &blocks{in: out.in, counts: &out.counts}
		out.format = f
		return out, f.start()
	}
	f := &records{in: out.in, counts: &out.counts}
	out.format = f
	return out, f.start()
}

// Sniff reports whether a file that begins with b may be a capture, or a compressed one. 12 bytes are enough.
func Sniff(b []byte) bool {
	if orderOf(b) != nil || len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b {
		return true
	}
	f := new(records)
	return len(b) >= 4 && f.sniff(b)
}

// Next returns the next datagram, valid until the next call, or io.EOF after the last one that can be read. Any other error
// is that of reading the file.
func (r *Reader) Next() (*Datagram, error) {
	for {
		p := &r.packet
		*p = packet{}
		if err := r.format.next(p); err != nil {
			return nil, err
		}
		r.counts.Packets++
		r.d = Datagram{At: p.at, Way: p.way, Interface: p.iface, Comment: p.comment}
		if !readable(p.link) {
			r.counts.Others++
			continue
		}
		ip, way := network(p.link, p.frame)
		if r.d.Way == UnknownWay {
			r.d.Way = way
		}
		if ip == nil {
			r.counts.Others++
			continue
		}
		switch r.d.parse(ip) {
		case isDatagram:
			r.counts.Datagrams++
			return &r.d, nil
		case otherProtocol:
			r.counts.Others++
		case fragment:
			r.counts.Fragments++
		case cutShort:
			r.counts.Cut++
		case malformed:
			r.counts.Malformed++
		}
	}
}

// Counts returns what was met so far.
func (r *Reader) Counts() Counts { return r.counts }

// truncated turns the error of a read that met the end of the file into io.EOF, and counts it. A stream that gzip cannot
// read on has ended, too.
func truncated(err error, c *Counts) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) ||
		errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) {
		c.Truncated = true
		return io.EOF
	}
	return err
}
