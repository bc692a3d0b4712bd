package pcapng

import (
	"encoding/binary"
	"io"
	"strings"
)

// The types of blocks.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockOldPacket = 2 // obsolete
	blockSimple    = 3
	blockNames     = 4
	blockStats     = 5
	blockPacket    = 6
)

// The codes of options, by the block that they are in.
const (
	optEnd         = 0
	optComment     = 1
	optApplication = 4  // shb_userappl
	optName        = 2  // if_name
	optDescription = 3  // if_description
	optResolution  = 9  // if_tsresol
	optOffset      = 14 // if_tsoffset
	optFlags       = 2  // epb_flags
)

const (
	byteOrderMark = 0x1a2b3c4d
	nanoseconds   = 9 // if_tsresol: 10^-9
)

// Interface is where datagrams were captured.
type Interface struct {
	Name        string
	Description string
}

// Writer writes a pcapng file. Its blocks are little-endian, its timestamps nanoseconds.
type Writer struct {
	w   io.Writer
	buf []byte
}

// NewWriter begins a file: which program writes it, and what it says of all of it. Each block is one call of w.Write.
func NewWriter(w io.Writer, application, comment string) (*Writer, error) {
	out := &Writer{w: w}
	out.open(blockSection)
	out.buf = binary.LittleEndian.AppendUint32(out.buf, byteOrderMark)
	out.buf = append(out.buf, 1, 0, 0, 0)                        // version 1.0
	out.buf = binary.LittleEndian.AppendUint64(out.buf, 1<<64-1) // of any length
	out.text(optComment, comment)
	out.text(optApplication, application)
	return out, out.close()
}

// AddInterface adds an interface; the first one has the number 0. Datagrams name those before them.
func (w *Writer) AddInterface(i Interface) error {
	w.open(blockInterface)
	w.buf = append(w.buf, linkRaw, 0, 0, 0, 0, 0, 0, 0) // captured in whole
	w.text(optName, i.Name)
	w.text(optDescription, i.Description)
	w.option(optResolution, []byte{nanoseconds})
	return w.close()
}

// Write appends a datagram. One that cannot have been on a network is an error, and is left out.
func (w *Writer) Write(d *Datagram) error {
	w.open(blockPacket)
	at := uint64(d.At.UnixNano())
	for _, n := range [...]uint32{uint32(d.Interface), uint32(at >> 32), uint32(at), 0, 0} {
		w.buf = binary.LittleEndian.AppendUint32(w.buf, n)
	}
	packet := len(w.buf)
	var err error
	if w.buf, err = appendPacket(w.buf, d); err != nil {
		return err
	}
	captured := len(w.buf) - packet
	binary.LittleEndian.PutUint32(w.buf[packet-8:], uint32(captured))
	binary.LittleEndian.PutUint32(w.buf[packet-4:], uint32(captured+max(d.Size-len(d.Payload), 0)))
	w.pad()
	if d.Way != UnknownWay {
		w.option(optFlags, []byte{byte(d.Way), 0, 0, 0})
	}
	w.text(optComment, d.Comment)
	return w.close()
}

// open begins a block.
func (w *Writer) open(kind uint32) {
	w.buf = binary.LittleEndian.AppendUint32(w.buf[:0], kind)
	w.buf = append(w.buf, 0, 0, 0, 0)
}

// close ends the options and the block, and writes it.
func (w *Writer) close() error {
	w.option(optEnd, nil)
	size := uint32(len(w.buf) + 4)
	binary.LittleEndian.PutUint32(w.buf[4:], size)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, size)
	_, err := w.w.Write(w.buf)
	return err
}

func (w *Writer) pad() {
	for len(w.buf)%4 > 0 {
		w.buf = append(w.buf, 0)
	}
}

// maxText bounds the text of an option, in bytes.
const maxText = 1 << 12

// text writes an option that is a text; none for "".
func (w *Writer) text(code uint16, s string) {
	if s = strings.ToValidUTF8(s[:min(len(s), maxText)], ""); s == "" {
		return
	}
	w.optionHead(code, len(s))
	w.buf = append(w.buf, s...)
	w.pad()
}

func (w *Writer) option(code uint16, value []byte) {
	w.optionHead(code, len(value))
	w.buf = append(w.buf, value...)
	w.pad()
}

func (w *Writer) optionHead(code uint16, size int) {
	w.buf = binary.LittleEndian.AppendUint16(w.buf, code)
	w.buf = binary.LittleEndian.AppendUint16(w.buf, uint16(size))
}
