package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// ErrNoRecording is the error of a file that is none.
var ErrNoRecording = errors.New("this is no recording of dhtop")

// Reader reads a recording at any moment. Parts that are damaged, or were cut off by a crash, are left out. It is for one
// goroutine.
type Reader[T any] struct {
	r       io.ReaderAt
	entries []entry // as they were written
	groups  []int   // where bases are among them
	damaged int
	broken  map[int]int // by the place of a base: where the damage of its group begins
	end     tail

	blocks  blockReader
	decoder *Decoder[T]
	at      int // of the last value, among the entries; -1 for none
	value   *T
}

// entry is where a block is.
type entry struct {
	at     time.Time
	offset int64
	length int // with its head
	base   bool
}

// NewReader finds the blocks of a recording of size bytes.
func NewReader[T any](r io.ReaderAt, size int64) (*Reader[T], error) {
	mark := make([]byte, len(fileMark))
	if _, err := r.ReadAt(mark, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch kind := bytes.TrimRight(mark, "0123456789\n\x00"); {
	case string(mark) == fileMark:
	case string(kind) == "dhtop recording ":
		return nil, fmt.Errorf("this recording is of a later version of dhtop: update dhtop")
	default:
		return nil, ErrNoRecording
	}
	d, err := NewDecoder[T]()
	if err != nil {
		return nil, err
	}
	out := &Reader[T]{r: r, broken: make(map[int]int), decoder: d, at: -1, end: tail{offset: int64(len(fileMark))}}
	return out, out.Grow(size)
}

// tail is where the last whole block ends, and what was known there.
type tail struct {
	offset  int64
	damaged int
	ordered bool // there is a base to which a delta belongs
}

// Grow takes in what was added to the recording, which has size bytes now. What was not whole before may be now.
func (r *Reader[T]) Grow(size int64) error {
	b := make([]byte, blockHead)
	r.damaged = r.end.damaged
	ordered := r.end.ordered
	for at := r.end.offset; at+blockHead <= size; {
		if _, err := r.r.ReadAt(b, at); err != nil {
			return err
		}
		n, ok := head(b)
		if !ok || at+blockHead+int64(n) > size {
			r.damaged++
			from := r.doubt(at, size)
			if from < at { // the last block was none
				r.end = tail{from, r.damaged - 1, len(r.groups) > 0}
			}
			next, err := r.resync(from+1, size)
			if err != nil {
				return err
			}
			at, ordered = next, false
			continue
		}
		e := entry{at: timeOf(b), offset: at, length: blockHead + n, base: b[3] == kindBase}
		at += int64(e.length)
		ordered = ordered || e.base
		r.end = tail{at, r.damaged, ordered}
		if !ordered {
			continue
		}
		if e.base {
			r.groups = append(r.groups, len(r.entries))
		}
		r.entries = append(r.entries, e)
	}
	return nil
}

// doubt returns where the damage began that shows at an offset: the length of the block before may be what is wrong.
func (r *Reader[T]) doubt(at, size int64) int64 {
	last := len(r.entries) - 1
	if last < 0 {
		return at
	}
	e := r.entries[last]
	if _, err := r.read(e.offset, size); err == nil {
		return at
	}
	r.entries = r.entries[:last]
	if e.base {
		r.groups = r.groups[:len(r.groups)-1]
	}
	return e.offset
}

// resync returns where the next whole base is, from at on; size for nowhere.
func (r *Reader[T]) resync(at, size int64) (int64, error) {
	const step = 1 << 16
	want := []byte(blockMark + string(rune(kindBase)))
	buf := make([]byte, step+len(want)-1)
	for at < size {
		n, err := r.r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		for from := 0; ; {
			i := bytes.Index(buf[from:n], want)
			if i < 0 {
				break
			}
			from += i
			if _, err := r.read(at+int64(from), size); err == nil {
				return at + int64(from), nil
			}
			from++
		}
		at += step
	}
	return size, nil
}

// read reads the block at an offset.
func (r *Reader[T]) read(at, size int64) ([]byte, error) {
	h := make([]byte, blockHead)
	if _, err := r.r.ReadAt(h, at); err != nil {
		return nil, err
	}
	n, ok := head(h)
	if !ok || at+blockHead+int64(n) > size {
		return nil, ErrDamaged
	}
	b := make([]byte, blockHead+n)
	if _, err := r.r.ReadAt(b, at); err != nil {
		return nil, err
	}
	if checksum(b) != binary.LittleEndian.Uint32(b[16:]) {
		return nil, ErrDamaged
	}
	return b, nil
}

// Len returns how many values there are.
func (r *Reader[T]) Len() int { return len(r.entries) }

// Damaged returns how many gaps of damage were found so far.
func (r *Reader[T]) Damaged() int { return r.damaged }

// Span returns the times of the first and the last value; zero for none.
func (r *Reader[T]) Span() (first, last time.Time) {
	if len(r.entries) == 0 {
		return time.Time{}, time.Time{}
	}
	return r.entries[0].at, r.entries[len(r.entries)-1].at
}

// Find returns the last value at or before a time, 0 for the first one. Where the clock was set back in between, the values
// since then count.
func (r *Reader[T]) Find(at time.Time) int {
	end := len(r.entries)
	for _, g := range slices.Backward(r.groups) {
		if r.entries[g].at.After(at) {
			end = g
			continue
		}
		for i := end - 1; i > g; i-- {
			if !r.entries[i].at.After(at) {
				return i
			}
		}
		return g
	}
	return 0
}

// After returns the time of the first value after a time; zero for none.
func (r *Reader[T]) After(at time.Time) time.Time {
	for i := r.Find(at); i < len(r.entries); i++ {
		if r.entries[i].at.After(at) {
			return r.entries[i].at
		}
	}
	return time.Time{}
}

// At returns value i and its time. A damaged one is an error that is ErrDamaged; others may be read still.
func (r *Reader[T]) At(i int) (*T, time.Time, error) {
	if i < 0 || i >= len(r.entries) {
		return nil, time.Time{}, fmt.Errorf("value %d of %d", i, len(r.entries))
	}
	if i == r.at {
		return r.value, r.entries[i].at, nil
	}
	g, found := slices.BinarySearch(r.groups, i)
	if !found {
		g--
	}
	from := r.groups[g]
	if r.at >= from && r.at < i {
		from = r.at + 1
	}
	for ; from <= i; from++ {
		if err := r.step(from); err != nil {
			r.at, r.value = -1, nil
			return nil, r.entries[i].at, err
		}
	}
	return r.value, r.entries[i].at, nil
}

// Whole returns the last value at or before place i that is not damaged, and its time. Damage that it finds is a gap.
func (r *Reader[T]) Whole(i int) (*T, time.Time, error) {
	for i = min(i, len(r.entries)-1); i >= 0; {
		g, found := slices.BinarySearch(r.groups, i)
		if !found {
			g--
		}
		from := r.groups[g]
		if end, is := r.broken[from]; is {
			i = min(i, end-1)
		}
		if i < from {
			continue // with the group before
		}
		v, at, err := r.At(i)
		if !errors.Is(err, ErrDamaged) {
			return v, at, err
		}
		r.broken[from] = r.breaks(from, i)
		r.damaged++
		r.end.damaged++
	}
	return nil, time.Time{}, ErrDamaged
}

// breaks returns the first damaged one of the values from a base on, one of which up to i is.
func (r *Reader[T]) breaks(from, i int) int {
	for r.at = -1; from < i; from++ {
		if r.step(from) != nil {
			break
		}
	}
	r.at, r.value = -1, nil
	return from
}

// step reads value i, with the one before it in hand unless it is a base.
func (r *Reader[T]) step(i int) error {
	e := &r.entries[i]
	b := make([]byte, e.length)
	if _, err := r.r.ReadAt(b, e.offset); err != nil {
		return err
	}
	block, err := r.blocks.parse(b)
	if err != nil {
		return err
	}
	decode := r.decoder.Delta
	if e.base {
		decode = r.decoder.Base
	}
	if r.value, err = decode(block.frame); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r.at = i
	return nil
}

// Unknown lists what the values read so far had and T has not.
func (r *Reader[T]) Unknown() []string { return r.decoder.Unknown() }

// Close frees what reading needs. The file belongs to the caller.
func (r *Reader[T]) Close() { r.blocks.close() }
