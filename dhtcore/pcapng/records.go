package pcapng

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// records reads the classic pcap.
type records struct {
	in     *bufio.Reader
	counts *Counts
	order  binary.ByteOrder
	perSec uint32 // ticks of its clock
	link   uint16
	last   time.Time // of the packet before
	held   int       // bytes of the record that was handed out
}

const (
	magicMicro  = 0xa1b2c3d4
	magicNano   = 0xa1b23c4d
	fileHead    = 24
	recordHead  = 16
	maxCaptured = maxBlock - 2*recordHead // bytes of a packet
	maxOriginal = 1 << 18                 // bytes of a packet that may follow damage
)

// start reads the file header.
func (f *records) start() error {
	b, err := f.in.Peek(fileHead)
	if err != nil {
		return fmt.Errorf("%w, or one cut short", ErrNoCapture)
	}
	if !f.sniff(b) {
		return ErrNoCapture
	}
	f.link = uint16(f.order.Uint32(b[20:])) // the rest tells of a frame check sequence
	f.held = fileHead
	return nil
}

// sniff learns the byte order and the clock from the beginning of a file. It reports whether there are any.
func (f *records) sniff(b []byte) bool {
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(b) {
		case magicMicro:
			f.order, f.perSec = order, 1e6
		case magicNano:
			f.order, f.perSec = order, 1e9
		}
	}
	return f.order != nil
}

// record is the head of one.
type record struct {
	sec, ticks         uint32
	captured, original uint32
}

func (f *records) head(b []byte) record {
	return record{f.order.Uint32(b), f.order.Uint32(b[4:]), f.order.Uint32(b[8:]), f.order.Uint32(b[12:])}
}

// possible reports whether a record may have such a head.
func (f *records) possible(h record) bool {
	return h.ticks < f.perSec && h.captured > 0 && h.captured <= maxCaptured && h.captured <= h.original
}

func (f *records) next(p *packet) error {
	for {
		f.in.Discard(f.held) //nolint:errcheck // they are there
		f.held = 0
		b, err := f.in.Peek(recordHead)
		switch {
		case len(b) == 0 && errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return truncated(err, f.counts)
		}
		h := f.head(b)
		if f.possible(h) {
			size := recordHead + int(h.captured)
			b, err = f.in.Peek(size + recordHead)
			if err != nil && !errors.Is(err, io.EOF) {
				return truncated(err, f.counts)
			}
			// What a machine had not written yet when it stopped is often zeros.
			follows := len(b) >= size+recordHead && (f.possible(f.head(b[size:])) || f.head(b[size:]) == record{})
			if follows || len(b) >= size && err != nil {
				f.held = size
				p.at = time.Unix(int64(h.sec), int64(h.ticks)*(1e9/int64(f.perSec)))
				p.link, p.frame = f.link, b[recordHead:size]
				f.last = p.at
				return nil
			}
		}
		if err := resync(f.in, f.begins); err != nil {
			return truncated(err, f.counts)
		}
		f.counts.Gaps++
	}
}

// nearby is how far the times of packets before and after damage may be apart.
const nearby = 24 * time.Hour

// begins reports whether b begins with a record that another one or the end follows, and that is likely: any bytes are
// possible.
func (f *records) begins(b []byte, end bool) bool {
	if !f.likely(b) {
		return false
	}
	size := recordHead + int(f.head(b).captured)
	return f.likely(b[min(size, len(b)):]) || end && size == len(b)
}

func (f *records) likely(b []byte) bool {
	if len(b) < recordHead {
		return false
	}
	h := f.head(b)
	away := time.Unix(int64(h.sec), 0).Sub(f.last).Abs()
	return f.possible(h) && h.original <= maxOriginal && (f.last.IsZero() || away < nearby)
}
