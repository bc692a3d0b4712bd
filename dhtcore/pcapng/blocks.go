package pcapng

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/bits"
	"time"
)

// blocks reads pcapng.
type blocks struct {
	in         *bufio.Reader
	counts     *Counts
	order      binary.ByteOrder
	interfaces []captureInterface
	held       int // bytes of the block that was handed out
}

// captureInterface is an interface of the section.
type captureInterface struct {
	link   uint16
	perSec uint64 // ticks of its clock
	offset int64  // seconds
	snap   uint32 // bytes captured of a packet; 0 for all
}

const (
	maxInterfaces = 1 << 12
	minBlock      = 12      // bytes: type, length, length
	maxForeign    = 1 << 28 // bytes of a block that is none of ours
	sectionHead   = 28      // bytes at least
)

// start reads the first section header.
func (f *blocks) start() error {
	b, err := f.in.Peek(12)
	if err != nil {
		return ErrNoCapture
	}
	if f.order = orderOf(b); f.order == nil {
		return ErrNoCapture
	}
	return nil
}

// orderOf returns the byte order of a section header; nil if it is none.
func orderOf(b []byte) binary.ByteOrder {
	switch {
	case len(b) < 12 || binary.LittleEndian.Uint32(b) != blockSection:
		return nil
	case binary.LittleEndian.Uint32(b[8:]) == byteOrderMark:
		return binary.LittleEndian
	case binary.BigEndian.Uint32(b[8:]) == byteOrderMark:
		return binary.BigEndian
	}
	return nil
}

func (f *blocks) next(p *packet) error {
	for {
		b, err := f.block()
		if err != nil {
			return err
		}
		body := b[8 : len(b)-4]
		switch f.order.Uint32(b) {
		case blockSection:
			f.interfaces = f.interfaces[:0]
		case blockInterface:
			f.addInterface(body)
		case blockPacket, blockOldPacket, blockSimple:
			if f.readPacket(p, f.order.Uint32(b), body) {
				return nil
			}
			f.counts.Packets++
			f.counts.Malformed++
		}
	}
}

// block returns the next whole block.
func (f *blocks) block() ([]byte, error) {
	for {
		f.in.Discard(f.held) //nolint:errcheck // they are there
		f.held = 0
		head, err := f.in.Peek(minBlock)
		switch {
		case len(head) == 0 && errors.Is(err, io.EOF):
			return nil, io.EOF
		case err != nil:
			return nil, truncated(err, f.counts)
		}
		if order := orderOf(head); order != nil {
			f.order = order
		}
		size := f.order.Uint32(head[4:])
		if size > maxBlock && size <= maxForeign && size%4 == 0 && foreign(f.order.Uint32(head)) {
			if _, err := f.in.Discard(int(size)); err != nil {
				return nil, truncated(err, f.counts)
			}
			continue
		}
		if size >= minBlock && size <= maxBlock && size%4 == 0 {
			b, err := f.in.Peek(int(size))
			if err == nil && f.order.Uint32(b[size-4:]) == size {
				f.held = int(size)
				return b, nil
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, truncated(err, f.counts)
			}
		}
		if err := resync(f.in, f.begins); err != nil {
			return nil, truncated(err, f.counts)
		}
		f.counts.Gaps++
	}
}

// foreign reports whether a type of block may be that of a large one without packets: custom blocks, decryption secrets.
func foreign(kind uint32) bool {
	const secrets, custom, customFixed = 0xa, 0xbad, 0x40000bad
	return kind == secrets || kind == custom || kind == customFixed || kind == blockNames
}

// begins reports whether b begins with a whole block of a known type.
func (f *blocks) begins(b []byte, _ bool) bool {
	if len(b) < minBlock {
		return false
	}
	order := f.order
	switch kind := order.Uint32(b); {
	case kind == blockSection:
		if order = orderOf(b); order == nil {
			return false
		}
	case kind == 0 || kind > blockPacket:
		return false
	}
	size := uint64(order.Uint32(b[4:]))
	return size >= minBlock && size%4 == 0 && size <= uint64(len(b)) && uint64(order.Uint32(b[size-4:])) == size
}

// addInterface reads an interface description. Packets name interfaces by their number, so a bad one counts too.
func (f *blocks) addInterface(b []byte) {
	if len(f.interfaces) == maxInterfaces {
		return
	}
	i := captureInterface{link: math.MaxUint16, perSec: 1e6}
	if len(b) >= 8 {
		i.link, i.snap = f.order.Uint16(b), f.order.Uint32(b[4:])
		f.options(b[8:], func(code uint16, value []byte) {
			switch {
			case code == optResolution && len(value) == 1:
				i.perSec = ticks(value[0])
			case code == optOffset && len(value) == 8:
				i.offset = int64(f.order.Uint64(value))
			}
		})
	}
	f.interfaces = append(f.interfaces, i)
}

// ticks returns the ticks a second of an if_tsresol; 0 for what no clock has.
func ticks(resolution byte) uint64 {
	const binary, maxDecimals = 0x80, 19
	if resolution&binary != 0 {
		return 1 << (resolution &^ binary) // 0 if it is too large
	}
	if resolution > maxDecimals {
		return 0
	}
	n := uint64(1)
	for range resolution {
		n *= 10
	}
	return n
}

// time returns the time of a number of ticks.
func (i *captureInterface) time(n uint64) (at time.Time, ok bool) {
	if i.perSec == 0 {
		return at, false
	}
	high, low := bits.Mul64(n%i.perSec, 1e9)
	nanos, _ := bits.Div64(high, low, i.perSec)
	return moment(int64(min(n/i.perSec, math.MaxInt64)), i.offset, nanos)
}

// lastYear is when the last packet can have been captured: later times come from damage.
const lastYear = 2200

// moment returns a time between 1970 and lastYear.
func moment(sec, offset int64, nanos uint64) (at time.Time, ok bool) {
	const most = (lastYear - 1970) * 31556952
	if sec < 0 || sec > most || offset > most || offset < -most {
		return at, false
	}
	at = time.Unix(sec+offset, int64(nanos))
	return at, sec+offset >= 0
}

// readPacket reads the body of a packet of one of the three kinds.
func (f *blocks) readPacket(p *packet, kind uint32, b []byte) bool {
	const simpleHead, head = 4, 20
	if kind == blockSimple {
		if len(b) < simpleHead || len(f.interfaces) == 0 {
			return false
		}
		i := &f.interfaces[0]
		size := uint64(f.order.Uint32(b))
		if i.snap > 0 {
			size = min(size, uint64(i.snap))
		}
		p.link, p.frame = i.link, b[simpleHead:][:min(size, uint64(len(b)-simpleHead))]
		return true
	}
	if len(b) < head {
		return false
	}
	number := f.order.Uint32(b)
	if kind == blockOldPacket { // beside a count of what was dropped
		number = uint32(f.order.Uint16(b))
	}
	if uint64(number) >= uint64(len(f.interfaces)) {
		return false
	}
	i := &f.interfaces[number]
	size := uint64(f.order.Uint32(b[12:]))
	var ok bool
	if p.at, ok = i.time(uint64(f.order.Uint32(b[4:]))<<32 | uint64(f.order.Uint32(b[8:]))); !ok || size > uint64(len(b)-head) {
		return false
	}
	p.iface, p.link, p.frame = int(number), i.link, b[head:][:size]
	f.options(b[head:][min((size+3)&^3, uint64(len(b)-head)):], func(code uint16, value []byte) {
		switch {
		case code == optFlags && len(value) == 4:
			p.way = Way(f.order.Uint32(value) & 3)
			if p.way > Outbound {
				p.way = UnknownWay
			}
		case code == optComment && p.comment == "":
			p.comment = string(value[:min(len(value), maxText)])
		}
	})
	return true
}

// options calls each for the options of a block, as far as they are whole.
func (f *blocks) options(b []byte, each func(code uint16, value []byte)) {
	for len(b) >= 4 {
		code, size := f.order.Uint16(b), int(f.order.Uint16(b[2:]))
		if b = b[4:]; code == optEnd || size > len(b) {
			return
		}
		each(code, b[:size])
		b = after(b, (size+3)&^3)
	}
}
