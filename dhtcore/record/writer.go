package record

import (
	"io"
	"time"
)

// fileMark is the first line of a recording, which ends in the version of its blocks.
const fileMark = "dhtop recording 1\n"

// How a recording is grouped: who looks at a moment reads the group it is in, and damage costs the rest of one.
const (
	groupFor  = time.Minute
	groupSize = 240 // values
)

// Writer writes a recording of values of T. It is for one goroutine.
type Writer[T any] struct {
	out     *blockWriter
	encoder *Encoder[T]
	began   time.Time // of the group
	whole   bool      // all values are one group
	n       int       // values in it
	buf     []byte
}

// NewWriter begins a recording. Each value is one call of w.Write, so that what was written survives the process.
func NewWriter[T any](w io.Writer) (*Writer[T], error) {
	out, err := NewAppender[T](w)
	if err == nil {
		_, err = io.WriteString(w, fileMark)
	}
	return out, err
}

// NewAppender goes on with a recording that w is at the end of. What a crash has cut off there does no harm.
func NewAppender[T any](w io.Writer) (*Writer[T], error) {
	e, err := NewEncoder[T]()
	if err != nil {
		return nil, err
	}
	return &Writer[T]{out: &blockWriter{w: w}, encoder: e}, nil
}

// Write appends the value of a moment, which must not change any more. After an error the next one stands by itself.
func (w *Writer[T]) Write(at time.Time, v *T) (err error) {
	kind, encode := byte(kindDelta), w.encoder.Delta
	if w.n == 0 || !w.whole && (w.n >= groupSize || at.Sub(w.began) >= groupFor || at.Before(w.began)) {
		kind, encode = kindBase, w.encoder.Base
		w.began, w.n = at, 0
	}
	if w.buf, err = encode(w.buf[:0], v); err == nil {
		err = w.out.write(kind, at, w.buf)
	}
	w.buf = spare(w.buf)
	w.n++
	if err != nil {
		w.n = 0
	}
	return err
}
