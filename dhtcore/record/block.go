package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A block is one frame, compressed: blockMark with the kind of the frame, the length of what follows the head, the time in
// nanoseconds since 1970, and the CRC-32 (Castagnoli) of the 16 bytes so far and what follows. Numbers are little-endian. A
// delta is compressed with the base of its group as the dictionary, so that whoever has the base can read all of the group.
const (
	blockMark = "dht" // and the kind
	blockHead = 4 + 4 + 8 + 4
	maxBlock  = 64 << 20 // bytes, many times a Snapshot with 2,000 packets

	kindBase  = 'B'
	kindDelta = 'D'
)

// The bounds of the compression.
const (
	windowSize = 1 << 20
	maxDict    = 512 << 10 // of a base
)

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// ErrDamaged is the error of a block that is not what was written. Reader goes on at the next base.
var ErrDamaged = errors.New("a part of the recording is damaged")

// blockWriter writes blocks of groups. An encoder takes megabytes, so it is made anew where it is used once in a while.
type blockWriter struct {
	w    io.Writer
	dict []byte        // of the group
	rest *zstd.Encoder // with it; nil until there is a delta
	rare bool          // write is called rarely: keep no encoder
	buf  []byte
}

func newZstd(o ...zstd.EOption) (*zstd.Encoder, error) {
	// The fastest level takes half the memory, and some 5 % more room.
	o = append(o, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(windowSize), zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true))
	return zstd.NewWriter(nil, o...)
}

// write writes a frame in one call. Each base begins a group.
func (b *blockWriter) write(kind byte, at time.Time, frame []byte) (err error) {
	b.buf = append(b.buf[:0], make([]byte, blockHead)...)
	if kind == kindBase {
		b.dict, b.rest = dictOf(frame), nil
		err = b.pack(frame)
	} else {
		err = b.packDelta(frame)
	}
	if err != nil {
		return err
	}
	head := b.buf[:blockHead]
	copy(head, blockMark)
	head[3] = kind
	binary.LittleEndian.PutUint32(head[4:], uint32(len(b.buf)-blockHead))
	binary.LittleEndian.PutUint64(head[8:], uint64(at.UnixNano()))
	binary.LittleEndian.PutUint32(head[16:], checksum(b.buf))
	_, err = b.w.Write(b.buf)
	b.buf = spare(b.buf)
	return err
}

// spareSize is how much memory is kept for the next frame: more than most deltas take, and less than a base.
const spareSize = 64 << 10

// spare returns b to be used again, unless it is as large as few frames are.
func spare(b []byte) []byte {
	if cap(b) > spareSize {
		return nil
	}
	return b
}

func (b *blockWriter) pack(frame []byte) error {
	e, err := newZstd()
	if err != nil {
		return err
	}
	b.buf = e.EncodeAll(frame, b.buf)
	return nil
}

func (b *blockWriter) packDelta(frame []byte) (err error) {
	if b.rest == nil {
		if b.rest, err = newZstd(zstd.WithEncoderDictRaw(1, b.dict)); err != nil {
			return err
		}
	}
	b.buf = b.rest.EncodeAll(frame, b.buf)
	if b.rare {
		b.rest = nil
	}
	return nil
}

// dictOf is the end of a base, which is as much as a dictionary should hold.
func dictOf(frame []byte) []byte { return bytes.Clone(frame[max(len(frame)-maxDict, 0):]) }

func checksum(block []byte) uint32 {
	return crc32.Update(crc32.Checksum(block[:16], crcTable), crcTable, block[blockHead:])
}

// block is a frame that was read.
type block struct {
	kind  byte
	frame []byte
}

// blockReader reads what a blockWriter wrote.
type blockReader struct {
	base *zstd.Decoder
	rest *zstd.Decoder // nil until a base was read
}

func newUnzstd(o ...zstd.DOption) (*zstd.Decoder, error) {
	o = append(o, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock), zstd.WithDecoderMaxWindow(windowSize))
	return zstd.NewReader(nil, o...)
}

// head returns the length of the block whose head is b, and whether it is a head.
func head(b []byte) (length int, ok bool) {
	n := binary.LittleEndian.Uint32(b[4:])
	return int(n), string(b[:3]) == blockMark && (b[3] == kindBase || b[3] == kindDelta) && n <= maxBlock
}

// timeOf returns the time in the head of a block.
func timeOf(head []byte) time.Time {
	return time.Unix(0, int64(binary.LittleEndian.Uint64(head[8:])))
}

// parse returns the block in b, which has its whole length.
func (r *blockReader) parse(b []byte) (block, error) {
	if checksum(b) != binary.LittleEndian.Uint32(b[16:]) {
		return block{}, ErrDamaged
	}
	out := block{kind: b[3]}
	err := r.unpack(&out, b[blockHead:])
	if err != nil {
		return block{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return out, nil
}

func (r *blockReader) unpack(out *block, packed []byte) (err error) {
	if out.kind == kindDelta {
		if r.rest == nil {
			return errors.New("its base is missing")
		}
		out.frame, err = r.rest.DecodeAll(packed, nil)
		return err
	}
	r.close()
	if r.base == nil {
		if r.base, err = newUnzstd(); err != nil {
			return err
		}
	}
	if out.frame, err = r.base.DecodeAll(packed, nil); err != nil {
		return err
	}
	r.rest, err = newUnzstd(zstd.WithDecoderDictRaw(1, dictOf(out.frame)))
	return err
}

// close frees the dictionary of a group.
func (r *blockReader) close() {
	if r.rest != nil {
		r.rest.Close()
		r.rest = nil
	}
}
