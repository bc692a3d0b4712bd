package record

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// Encoder turns values of T into frames, each in terms of the one before. It is for one goroutine.
type Encoder[T any] struct {
	layout *layout
	last   *T
}

// NewEncoder returns an Encoder. It fails for a type that holds what is no value, such as a channel.
func NewEncoder[T any]() (*Encoder[T], error) {
	l, err := make(layouts).of(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &Encoder[T]{layout: l}, nil
}

// Base appends the frame of a value that stands by itself.
func (e *Encoder[T]) Base(dst []byte, v *T) ([]byte, error) {
	e.last = v
	return e.Diff(dst, nil, v)
}

// Delta appends the frame of how v differs from the value of the last call. It takes v over, which must not change any more.
func (e *Encoder[T]) Delta(dst []byte, v *T) ([]byte, error) {
	from := e.last
	e.last = v
	return e.Diff(dst, from, v)
}

// Diff appends the frame of how a value differs from another one: what Delta would write after that one, and Base for
// nil. It changes nothing, and may be called by any goroutine.
func (e *Encoder[T]) Diff(dst []byte, from, to *T) ([]byte, error) {
	if from == nil {
		from = new(T)
	}
	node := e.layout.diff(reflect.ValueOf(from).Elem(), reflect.ValueOf(to).Elem())
	if node == (unchanged{}) {
		node = map[string]any{}
	}
	b, err := encMode.Marshal(node)
	return append(dst, b...), err
}

// Decoder turns frames into values again. It is for one goroutine.
type Decoder[T any] struct {
	layout  *layout
	last    *T // nil before a base
	applier applier
}

// NewDecoder returns a Decoder; its errors are those of NewEncoder.
func NewDecoder[T any]() (*Decoder[T], error) {
	l, err := make(layouts).of(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &Decoder[T]{layout: l, applier: applier{unknown: make(map[string]bool), words: make(map[word]bool)}}, nil
}

// Base returns the value of a frame of Encoder.Base.
func (d *Decoder[T]) Base(frame []byte) (*T, error) {
	d.last = new(T)
	return d.Delta(frame)
}

// Delta returns the value of a frame of Encoder.Delta, which shares what has not changed with the value before. After an
// error it needs a base.
func (d *Decoder[T]) Delta(frame []byte) (*T, error) {
	if d.last == nil {
		return nil, fmt.Errorf("a change of nothing: the frame before is missing")
	}
	next := *d.last
	d.last = nil
	node, err := unpack(frame)
	if err != nil {
		return nil, err
	}
	v := reflect.ValueOf(&next).Elem()
	d.applier.grown += len(frame)
	d.applier.before = d.applier.grown
	if err := d.applier.apply(d.layout, v, node); err != nil {
		return nil, err
	}
	if err := d.applier.checkSize(d.layout, v); err != nil {
		return nil, err
	}
	d.last = &next
	return &next, nil
}

// Unknown lists the fields that the frames had so far and T has not, such as "Snapshot.Weather", in order.
func (d *Decoder[T]) Unknown() (fields []string) {
	for name := range d.applier.unknown {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	return fields
}

// encMode writes numbers as short as they are.
var encMode = must(cbor.EncOptions{ShortestFloat: cbor.ShortestFloat16, NaNConvert: cbor.NaNConvert7e00}.EncMode())

// decMode bounds what a frame may ask for.
var decMode = must(cbor.DecOptions{MaxNestedLevels: 64, MaxArrayElements: maxRows, MaxMapPairs: maxRows, DupMapKey: cbor.DupMapKeyEnforcedAPF,
	IntDec: cbor.IntDecConvertNone}.DecMode())

func must[M any](mode M, err error) M {
	if err != nil {
		panic(err) // the options above are valid
	}
	return mode
}
